import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { limits } from "./limits.ts";

/** BEHAVIOURAL: what somebody did with us. BUSINESS: what became of it in the books. */
export const contractFamilies = ["BEHAVIOURAL", "BUSINESS"] as const;
export type ContractFamily = (typeof contractFamilies)[number];

/** What an event is collected for; an event that drives nothing need not be collected. */
export const contractDrives = [
  "ACTIVATION",
  "PERSONALISATION",
  "EXPERIMENTATION",
  "ANALYTICS",
  "IDENTITY",
  "OPERATIONS",
] as const;
export type ContractDrives = (typeof contractDrives)[number];

export const contractStates = ["ACTIVE", "DEPRECATED"] as const;
export type ContractState = (typeof contractStates)[number];

/** One version of what the properties of a track event must meet. */
export interface Contract {
  event: string;
  version: number;
  family: ContractFamily;
  owner: string;
  drives: ContractDrives;
  justification: string | null;
  schema: Record<string, unknown>;
  state: ContractState;
  createdAt: Date;
}

/** The version an event asks for; null: none; UNREADABLE: something that is no version. */
export function pinnedVersion(context: Record<string, unknown>): number | null | "UNREADABLE" {
  const { protocols } = context;
  const inProtocols =
    typeof protocols === "object" && protocols !== null
      ? (protocols as Record<string, unknown>).event_version
      : undefined;
  const given = context.contractVersion ?? inProtocols;
  if (given === undefined || given === null) return null;
  const version = typeof given === "string" ? Number(/^v?(\d{1,9})$/i.exec(given)?.[1]) : given;
  return typeof version === "number" && Number.isInteger(version) && version >= 0
    ? version
    : "UNREADABLE";
}

/** The version an event is held against: the newest active one, else the newest. */
export function currentContract(versions: readonly Contract[]): Contract | null {
  const newestFirst = [...versions].sort((a, b) => b.version - a.version);
  return newestFirst.find((contract) => contract.state === "ACTIVE") ?? newestFirst[0] ?? null;
}

/** Problems of what a contract says about itself. */
export function checkContractHead(head: {
  event: string;
  owner: string;
  justification: string | null;
}): Problem[] {
  const problems: Problem[] = [];
  const { eventNameCharactersMax, reasonCharactersMax } = limits;
  if (head.event.trim() === "" || head.event.length > eventNameCharactersMax) {
    const message = `An event's name has 1 to ${eventNameCharactersMax} characters.`;
    problems.push(problem("INVALID_NAME", message, ["event"]));
  }
  if (head.owner.trim() === "" || head.owner.length > eventNameCharactersMax) {
    const message = `A contract has an owner of 1 to ${eventNameCharactersMax} characters.`;
    problems.push(problem("INVALID_OWNER", message, ["owner"]));
  }
  if ((head.justification?.length ?? 0) > reasonCharactersMax) {
    const message = `A justification has at most ${reasonCharactersMax} characters.`;
    problems.push(problem("INVALID_JUSTIFICATION", message, ["justification"]));
  }
  return problems;
}
