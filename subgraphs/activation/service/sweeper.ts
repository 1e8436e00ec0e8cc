import type { TellingNews } from "../domain/telling.ts";
import { tellingKey } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** Persons a transaction takes at the most. */
const pageMax = 500;

/**
 * Goes through all persons of a sync, a page at a time: a new sync tells of the members that are
 * already there, and when a purpose itself changed consent is asked anew about everybody. Each page
 * is one transaction that also moves the mark, so that a crash repeats nothing.
 */
export async function sweepSyncs(workshop: Workshop, wakeChecker: () => void): Promise<boolean> {
  const { database, syncs, members, tellings, checks, reconciler, clock } = workshop;
  return database.transaction(async (tx) => {
    syncs.keep(tx);
    const sync = await syncs.lockSwept(tx);
    if (!sync) return false;
    const persons = await members.sweepPage(tx, sync, sync.sweepAfter!, pageMax);
    const keys = persons.map((personId) => ({ sync: sync.name, personId }));
    await syncs.setSweep(tx, [sync.name], persons.length < pageMax ? null : persons.at(-1)!);
    const wished = persons.map((personId) => ({ personId, cause: null }));
    await checks.wish(tx, [sync.name], wished, clock.now());
    if (sync.audience !== null) await tellings.ensure(tx, keys);
    const backfill: TellingNews = { backfill: true };
    const news = new Map(keys.map((key) => [tellingKey(key), backfill]));
    await reconciler.reconcile(tx, keys, { news });
    tx.afterCommit(wakeChecker);
    return true;
  });
}
