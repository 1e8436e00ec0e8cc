import { statusChange } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** Persons, and dead letters, that a transaction takes at the most. */
const pageMax = 500;
/** Whoever deletes a sync waits for so many pages; the rest is ended in the background. */
const pagesWaitedFor = 20;
const cancelledNote = "The sync was deleted";

/** WAITING: attempts are under way that have to end first. */
export type Clearing = "MORE" | "WAITING" | "CLEARED";

/**
 * Ends, a page at a time, what a deleted sync has left: messages that were not delivered are
 * CANCELLED and stay in the ledger, what was told is forgotten. Each page is one transaction; a
 * crash between two of them loses nothing, for the sync says that it is still to be cleared.
 */
export async function clearPage(workshop: Workshop, name: string): Promise<Clearing> {
  const { database, syncs, tellings, clearings, reconciler, clock } = workshop;
  return database.transaction(async (tx) => {
    syncs.keep(tx);
    const sync = await syncs.lockUncleared(tx, name);
    if (!sync) return "CLEARED";
    const now = clock.now();
    const page = await clearings.tellings(tx, name, now, pageMax);
    await tellings.hold(tx, page);
    const open = page.flatMap(({ openId }) => openId ?? []);
    const stuck = await clearings.stuck(tx, sync, pageMax);
    const cancelled = await clearings.cancel(tx, [...open, ...stuck], cancelledNote, now);
    await clearings.removeTellings(
      tx,
      name,
      page.map((telling) => telling.personId),
    );
    await reconciler.announce(
      tx,
      cancelled.map((delivery) => statusChange(delivery, "CANCELLED", now)),
    );
    if (page.length === pageMax || stuck.length === pageMax) return "MORE";
    if (await clearings.hasTellings(tx, name)) return "WAITING";
    await syncs.setSweep(tx, [name], null);
    return "CLEARED";
  });
}

/** Clears a deleted sync as far as can be waited for. */
export async function clearSync(workshop: Workshop, name: string): Promise<Clearing> {
  let clearing: Clearing = "MORE";
  for (let pages = 0; clearing === "MORE" && pages < pagesWaitedFor; pages += 1) {
    clearing = await clearPage(workshop, name);
  }
  return clearing;
}

/** Clears what could not be waited for, or was interrupted. */
export async function clearDeletedSyncs(workshop: Workshop): Promise<boolean> {
  let hasMore = false;
  for (const name of await workshop.syncs.uncleared(workshop.database)) {
    hasMore = (await clearPage(workshop, name)) === "MORE" || hasMore;
  }
  return hasMore;
}
