import type { PostgresLedgerStore } from "../store/postgres-ledger-store.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Workshop } from "./workshop.ts";

const pageMax = 2_000;
const dayMs = 24 * 60 * 60 * 1_000;
const timeLength = "delivery_".length + 10;

/**
 * Removes a page of settled deliveries older than the ledger is kept; true when there may be more.
 * Deleted syncs and destinations go when no line can name them any more.
 */
export async function expireLedger(
  { database, clock, syncs, destinations }: Workshop,
  ledger: PostgresLedgerStore,
  days: number,
): Promise<boolean> {
  const oldest = clock.now().getTime() - days * dayMs;
  // Ids begin with their time of creation.
  const idBefore = newId("delivery", Math.max(oldest, 0)).slice(0, timeLength);
  const hasMore = (await ledger.expire(database, idBefore, pageMax)) === pageMax;
  if (!hasMore) {
    await syncs.forget(database, new Date(oldest));
    await destinations.forget(database, new Date(oldest));
  }
  return hasMore;
}
