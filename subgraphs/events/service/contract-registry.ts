import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import { currentContract, pinnedVersion, type Contract } from "../domain/contract.ts";
import type { Violation } from "../domain/read-event.ts";
import { compileContract, type CheckProperties } from "./contract-validator.ts";

/** What the contracts say about one event. */
export interface ContractVerdict {
  /** The version it was held against; null when none applies. */
  version: number | null;
  violations: Violation[];
}

/** What the engine can hold as a version. */
const versionMax = 2 ** 31 - 1;

const none: ContractVerdict = { version: null, violations: [] };

/** The contracts in memory, compiled at their first use; `load` replaces them all. */
export class ContractRegistry {
  private versionsByEvent = new Map<string, Contract[]>();
  /** By version and event: what a version demands never changes, so it is compiled once. */
  private readonly checks = new Map<string, CheckProperties>();

  load(contracts: readonly Contract[]): void {
    this.versionsByEvent = Map.groupBy(contracts, (contract) => contract.event);
  }

  versions(event: string): readonly Contract[] {
    return this.versionsByEvent.get(event) ?? [];
  }

  all(): Contract[] {
    return [...this.versionsByEvent.values()].flat();
  }

  /** Holds a track event against the version it pins, else against the current one. */
  check(event: AcceptedEvent): ContractVerdict {
    if (event.type !== "TRACK" || event.name === null) return none;
    const versions = this.versionsByEvent.get(event.name) ?? [];
    const pinned = pinnedVersion(event.context);
    if (pinned === null) return this.checkAgainst(currentContract(versions), event);
    const contract = versions.find((candidate) => candidate.version === pinned);
    if (contract) return this.checkAgainst(contract, event);
    return unknownVersion(pinned, event.name, versions);
  }

  private checkAgainst(contract: Contract | null, event: AcceptedEvent): ContractVerdict {
    if (contract === null) return none;
    return { version: contract.version, violations: this.checkOf(contract)(event.properties) };
  }

  private checkOf(contract: Contract): CheckProperties {
    const key = `${contract.version}/${contract.event}`;
    const known = this.checks.get(key);
    if (known) return known;
    const compiled = compileContract(contract.schema);
    const check = typeof compiled === "function" ? compiled : () => [notUsable];
    this.checks.set(key, check);
    return check;
  }
}

const notUsable: Violation = {
  path: "/properties",
  rule: "contract",
  message: "The contract's schema is not usable any more; register a new version.",
};

function unknownVersion(
  pinned: number | "UNREADABLE",
  event: string,
  versions: readonly Contract[],
): ContractVerdict {
  const known = versions.map((contract) => contract.version).join(", ") || "none";
  const asked = pinned === "UNREADABLE" ? "The contract version is no number" : `Version ${pinned}`;
  const message = `${asked}: ${event} has no such contract version (known: ${known}).`;
  const version = pinned === "UNREADABLE" || pinned > versionMax ? null : pinned;
  return {
    version,
    violations: [{ path: "/context/contractVersion", rule: "contractVersion", message }],
  };
}
