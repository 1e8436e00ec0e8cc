import { problem } from "../../../kernel/errors/problem.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";
import { hasUnstorableText } from "../domain/sync.ts";
import type { DeliveryRecord } from "../store/delivery-record.ts";
import type { LedgerFilter, PostgresLedgerStore } from "../store/postgres-ledger-store.ts";
import { type Outcome, refused } from "./destination-service.ts";
import { statusChange } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** What a replay came to. `queued` is less than `matched` when some are no longer so. */
export interface ReplayRun {
  id: string;
  matched: number;
  queued: number;
  createdAt: Date;
}

const replayable: readonly DeliveryStatus[] = ["DEAD", "RETRYING"];
const pageMax = 500;
const reasonLengthMax = 1_000;
const stuckMax = 10_000;

/** Reads of the ledger, and replays by hand. */
export class LedgerService {
  private readonly workshop: Workshop;
  private readonly ledger: PostgresLedgerStore;
  private readonly wakeLane: (destination: string) => void;

  constructor(
    workshop: Workshop,
    ledger: PostgresLedgerStore,
    wakeLane: (destination: string) => void,
  ) {
    this.workshop = workshop;
    this.ledger = ledger;
    this.wakeLane = wakeLane;
  }

  byIds(ids: readonly string[]): Promise<Map<string, DeliveryRecord>> {
    return this.ledger.byIds(this.workshop.database, ids);
  }

  page(filter: LedgerFilter, before: string | null, limit: number): Promise<DeliveryRecord[]> {
    return this.ledger.page(this.workshop.database, filter, before, limit);
  }

  ofPersons(
    personIds: readonly string[],
    before: string | null,
    limit: number,
  ): Promise<Map<string, DeliveryRecord[]>> {
    return this.ledger.ofPersons(this.workshop.database, personIds, before, limit);
  }

  /** How much waits, is withheld and is dead, each counted up to 10,000. */
  backlogs(destinations: readonly string[]) {
    return this.ledger.stuckCounts(this.workshop.database, destinations, stuckMax);
  }

  /**
   * Makes dead deliveries (or, when asked for, those waiting for a retry) due now, under their own
   * ids. Consent is asked again before anything is sent. One whose place another message has taken
   * since becomes SUPERSEDED.
   */
  async replay(filter: LedgerFilter, reason: string, actor: string): Promise<Outcome<ReplayRun>> {
    const statuses = filter.statuses ?? ["DEAD"];
    const wrong = statuses.filter((status) => !replayable.includes(status));
    if (wrong.length > 0) {
      const message = `Only ${replayable.join(" and ")} deliveries can be replayed.`;
      return refused([problem("NOT_REPLAYABLE", message, ["filter", "statuses"])]);
    }
    if (reason.trim() === "" || reason.length > reasonLengthMax || hasUnstorableText(reason)) {
      const message = `A reason has 1 to ${reasonLengthMax} characters.`;
      return refused([problem("INVALID_REASON", message, ["reason"])]);
    }
    const { database, clock } = this.workshop;
    const run = { id: newId("replay"), matched: 0, queued: 0, createdAt: clock.now() };
    const until = run.createdAt.getTime() < (filter.until?.getTime() ?? Infinity);
    const bounded = { ...filter, statuses, until: until ? later(run.createdAt) : filter.until };
    for (let after: string | null = ""; after !== null; ) {
      after = await this.replayPage(bounded, after, run);
    }
    const record = { ...run, reason, actor, filter: JSON.stringify(filter) };
    await this.ledger.recordReplay(database, record);
    return { result: run, problems: [] };
  }

  private async replayPage(
    filter: LedgerFilter,
    after: string,
    run: ReplayRun,
  ): Promise<string | null> {
    const { database, syncs, tellings, lanes, reconciler, clock } = this.workshop;
    return database.transaction(async (tx) => {
      syncs.keep(tx);
      const now = clock.now();
      const page = await this.ledger.replayable(tx, filter, after, pageMax);
      const current = page.filter((one) => one.current).map((one) => one.id);
      const queued = await tellings.requeue(tx, current, now);
      const hastened = await lanes.hasten(tx, current, now);
      const strays = page.filter((one) => !one.current);
      await tellings.retire(
        tx,
        strays.map((one) => one.id),
        now,
      );
      const requeued = new Set(queued);
      await reconciler.announce(tx, [
        ...page
          .filter((one) => requeued.has(one.id))
          .map((one) => statusChange(one, "PENDING", now)),
        ...strays.map((one) => statusChange(one, "SUPERSEDED", now)),
      ]);
      run.matched += page.length;
      run.queued += queued.length + hastened;
      const destinations = new Set(page.map((one) => one.destination));
      tx.afterCommit(() => destinations.forEach(this.wakeLane));
      return page.length < pageMax ? null : page.at(-1)!.id;
    });
  }
}

/** Just after an instant: deliveries made in it are still meant. */
function later(instant: Date): Date {
  return new Date(instant.getTime() + 1);
}
