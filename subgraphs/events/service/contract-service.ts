import type { Database } from "../../../kernel/database/database.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import {
  checkContractHead,
  type Contract,
  type ContractDrives,
  type ContractFamily,
} from "../domain/contract.ts";
import { breakingChanges, type BreakingChange } from "../domain/contract-compatibility.ts";
import { limits } from "../domain/limits.ts";
import type { ContractStore } from "../store/contract-store.ts";
import type { ContractRegistry } from "./contract-registry.ts";
import { compileContract } from "./contract-validator.ts";

/** Wakes every process that holds contracts in memory. */
export const contractsTopic = "events-contracts";
/** A lost wake-up costs so much at the most. */
const reloadIntervalMs = 10_000;

/** What is asked of a new version. */
export interface NewContract {
  event: string;
  family: ContractFamily;
  owner: string;
  drives: ContractDrives;
  justification: string | null;
  schema: Record<string, unknown>;
}

/** A version that was registered, and what it breaks against the one before. */
export interface RegisteredContract {
  contract: Contract;
  previousVersion: number | null;
  breakingChanges: BreakingChange[];
}

/** Registers what events must look like, and keeps the registry of this process up to date. */
export class ContractService {
  private readonly database: Database;
  private readonly store: ContractStore;
  private readonly registry: ContractRegistry;
  private readonly clock: Clock;
  private stopListening: (() => void) | null = null;

  constructor(database: Database, store: ContractStore, registry: ContractRegistry, clock: Clock) {
    this.database = database;
    this.store = store;
    this.registry = registry;
    this.clock = clock;
  }

  /** Loads the contracts; must be done before events are taken. */
  async start(): Promise<void> {
    await this.reload();
    const reload = () => void this.reload().catch(() => undefined);
    const end = this.database.wakeUps.onWake(contractsTopic, reload);
    const timer = setInterval(reload, reloadIntervalMs);
    timer.unref();
    this.stopListening = () => {
      end();
      clearInterval(timer);
    };
  }

  stop(): void {
    this.stopListening?.();
  }

  /** The next version of an event's contract; in force at once. */
  async register(asked: NewContract): Promise<RegisteredContract | Problem[]> {
    const compiled = compileContract(asked.schema);
    const problems = checkContractHead(asked).concat(Array.isArray(compiled) ? compiled : []);
    if (problems.length > 0) return problems;
    const createdAt = this.clock.now();
    const event = asked.event.trim();
    const registered = await this.database.transaction(async (transaction) => {
      const all = await this.store.all(transaction);
      if (all.length >= limits.contractsMax) return null;
      const previous = all.filter((one) => one.event === event).at(-1) ?? null;
      const version = (previous?.version ?? 0) + 1;
      const contract: Contract = { ...asked, event, version, state: "ACTIVE", createdAt };
      if (!(await this.store.insert(transaction, contract))) return null;
      const breaking = previous ? breakingChanges(previous.schema, contract.schema) : [];
      return {
        contract,
        previousVersion: previous?.version ?? null,
        breakingChanges: breaking,
      };
    });
    if (registered === null) return [notRegistered];
    await this.announce();
    return registered;
  }

  /** Events without a pinned version are held against the newest version that is not deprecated. */
  async deprecate(event: string, version: number): Promise<Contract | Problem[]> {
    const isKnown = await this.store.setState(this.database, event, version, "DEPRECATED");
    if (!isKnown) return [problem("UNKNOWN_CONTRACT", "There is no such contract version.")];
    await this.announce();
    return this.registry.versions(event).find((one) => one.version === version)!;
  }

  private async announce(): Promise<void> {
    await this.reload();
    this.database.wakeUps.wake(contractsTopic);
  }

  private async reload(): Promise<void> {
    this.registry.load(await this.store.all(this.database));
  }
}

const notRegistered = problem(
  "NOT_REGISTERED",
  `The version was taken meanwhile, or there are ${limits.contractsMax} versions already; try again.`,
);
