import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { limits } from "./limits.ts";

/** What kind of system a source is; says where it stands in the catalogue, changes no behaviour. */
export const sourceKinds = [
  "WEBSITE",
  "MOBILE_APP",
  "COMMERCE",
  "CRM",
  "LMS",
  "CLUB",
  "EMAIL",
  "BILLING",
  "SUPPORT",
  "SERVER",
  "DATA_LAKE",
  "OTHER",
] as const;

export type SourceKind = (typeof sourceKinds)[number];

/** A system that sends us events. */
export interface Source {
  name: string;
  title: string;
  kind: SourceKind;
  createdAt: Date;
  disabledAt: Date | null;
}

/** How much came from a source since it was defined. */
export interface SourceStatistics {
  accepted: number;
  duplicates: number;
  quarantined: number;
  rejected: number;
  lastEventAt: Date | null;
}

const namePattern = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/;

/** Problems of a source's name; it stands in code, keys and Git, and never changes. */
export function checkSourceName(name: string, path: string[] = ["name"]): Problem[] {
  if (namePattern.test(name) && name.length <= limits.sourceNameCharactersMax) return [];
  const message =
    `A source's name is 1 to ${limits.sourceNameCharactersMax} of a-z, 0-9, - and _, ` +
    "beginning and ending with a letter or digit.";
  return [problem("INVALID_NAME", message, path)];
}

/** Problems of a source's title, which is for people. */
export function checkSourceTitle(title: string): Problem[] {
  if (title.trim() !== "" && title.length <= limits.sourceTitleCharactersMax) return [];
  const message = `A title has 1 to ${limits.sourceTitleCharactersMax} characters.`;
  return [problem("INVALID_TITLE", message, ["title"])];
}
