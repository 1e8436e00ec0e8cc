import type { Database, Transaction } from "../../../kernel/database/database.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { limits } from "../domain/limits.ts";
import { mergePatch, type QuarantinedEvent, type QuarantineFilter } from "../domain/quarantine.ts";
import { readEvent, type Violation } from "../domain/read-event.ts";
import type { EventLog, EventRow } from "../store/event-log.ts";
import type { QuarantineStore } from "../store/quarantine-store.ts";
import { rowOf } from "./event-row.ts";
import type { ContractRegistry } from "./contract-registry.ts";

/** What a replay did, or would do. */
export interface ReplayResult {
  /** Waiting events that the filter found, at most `replayEventsMax` at a time. */
  matched: number;
  /** Entered the stream, or were in it already. */
  replayed: number;
  /** Still violate something; they wait with their new reasons. */
  waiting: number;
}

/** Mends and releases what waits in quarantine, or lets it go. */
export class QuarantineService {
  private readonly database: Database;
  private readonly store: QuarantineStore;
  private readonly log: EventLog;
  private readonly contracts: ContractRegistry;
  private readonly clock: Clock;

  constructor(parts: {
    database: Database;
    store: QuarantineStore;
    log: EventLog;
    contracts: ContractRegistry;
    clock: Clock;
  }) {
    this.database = parts.database;
    this.store = parts.store;
    this.log = parts.log;
    this.contracts = parts.contracts;
    this.clock = parts.clock;
  }

  page(filter: QuarantineFilter, before: number | null, limit: number) {
    return this.store.page(this.database, filter, before, limit);
  }

  count(filter: QuarantineFilter): Promise<number> {
    return this.store.count(this.database, filter);
  }

  /**
   * Reads the events again, with `patch` (JSON Merge Patch) applied, under the present contracts. Those
   * that pass enter the stream with the times they had; all in one transaction.
   */
  async replay(filter: QuarantineFilter, patch: unknown, isDryRun: boolean): Promise<ReplayResult> {
    return this.database.transaction(async (transaction) => {
      const events = await this.store.takeWaiting(transaction, filter, limits.replayEventsMax);
      const passed: { place: number; row: EventRow }[] = [];
      const failed: { place: number; violations: Violation[] }[] = [];
      for (const event of events) {
        const read = this.readAgain(event, patch);
        if ("row" in read) passed.push({ place: event.place, row: read.row });
        else failed.push({ place: event.place, violations: read.violations });
      }
      if (!isDryRun) await this.release(transaction, passed, failed);
      return { matched: events.length, replayed: passed.length, waiting: failed.length };
    });
  }

  /** Takes waiting events out of the queue for good; they stay to be looked at. Gives how many. */
  async discard(filter: QuarantineFilter, reason: string): Promise<number | Problem[]> {
    if (reason.trim() === "" || reason.length > limits.reasonCharactersMax) {
      const message = `A reason has 1 to ${limits.reasonCharactersMax} characters.`;
      return [problem("INVALID_REASON", message, ["reason"])];
    }
    return this.database.transaction(async (transaction) => {
      const events = await this.store.takeWaiting(transaction, filter, limits.replayEventsMax);
      const places = events.map((event) => event.place);
      const now = this.clock.now();
      await this.store.settle(transaction, places, "DISCARDED", reason, now);
      return places.length;
    });
  }

  private async release(
    transaction: Transaction,
    passed: { place: number; row: EventRow }[],
    failed: { place: number; violations: Violation[] }[],
  ): Promise<void> {
    const places = passed.map((one) => one.place);
    await this.store.setViolations(transaction, failed);
    await this.store.settle(transaction, places, "REPLAYED", null, this.clock.now());
    await this.log.append(
      transaction,
      passed.map((one) => one.row),
    );
  }

  private readAgain(
    event: QuarantinedEvent,
    patch: unknown,
  ): { row: EventRow } | { violations: Violation[] } {
    const { messageId } = event;
    const raw = { ...(mergePatch(event.payload, patch ?? {}) as object), messageId };
    const read = readEvent(raw, envelopeOf(event), () => messageId);
    if (!read.ok) {
      const violations = read.problems.map(({ code, message, path }) => {
        return { path: path.map((part) => `/${part}`).join(""), rule: code, message };
      });
      return { violations };
    }
    const violations = [...read.violations, ...this.contracts.check(read.event).violations];
    if (violations.length > 0) return { violations };
    return { row: rowOf(event.key, read.event) };
  }
}

function envelopeOf(event: QuarantinedEvent) {
  return {
    source: event.source,
    receivedAt: event.receivedAt.getTime(),
    sentAt: null,
    timestamp: null,
    context: null,
    type: null,
    isWithinEventBytes: false,
  };
}
