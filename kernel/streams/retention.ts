import type { Database, Transaction } from "../database/database.ts";
import type { StreamName } from "./stream.ts";

/** Woken when entries have been removed, for who keeps something beside them. */
export const trimmedTopic = "streams_trimmed";

const removedPerTransactionMax = 2_000;

/**
 * Removes entries older than `before`, never one that a consumer has still to read, in small transactions,
 * and the notes of those among them that were parked.
 * The floor moves with them, so that an old cursor is told CURSOR_EXPIRED. Gives how many were removed.
 * Looks at the oldest entries alone, however long the stream is.
 */
export async function removeOldEntries(
  database: Database,
  name: StreamName,
  before: Date,
): Promise<number> {
  for (let removed = 0; ; ) {
    const count = await database.transaction((tx) => removeOldest(tx, name, before), {
      isBackground: true,
    });
    removed += count;
    if (count > 0) database.wakeUps.wake(trimmedTopic);
    if (count < removedPerTransactionMax) return removed;
  }
}

async function removeOldest(tx: Transaction, name: StreamName, before: Date): Promise<number> {
  const gone = await tx.query<{ position: number }>(
    `delete from streams.${name} where position in (
       select position from (
         select position, at from streams.${name} order by position limit $3) as oldest
       where at < $1 and position <= coalesce(
         (select min(position) from streams.cursors where stream = $2), 9e15::bigint))
     returning position`,
    [before, name, removedPerTransactionMax],
  );
  if (gone.length === 0) return 0;
  const floor = Math.max(...gone.map((entry) => entry.position));
  await tx.query("update streams.floors set position = greatest(position, $2) where stream = $1", [
    name,
    floor,
  ]);
  await tx.query(
    "delete from streams.parked where stream = $1 and position <= $2 and parked_at < $3",
    [name, floor, before],
  );
  return gone.length;
}
