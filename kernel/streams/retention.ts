import type { Database } from "../database/database.ts";
import type { StreamName } from "./stream.ts";

const removedPerTransactionMax = 5_000;

/**
 * Removes entries older than `before`, never one that a consumer has still to read, in small transactions.
 * The floor moves with them, so that an old cursor is told CURSOR_EXPIRED. Gives how many were removed.
 */
export async function removeOldEntries(
  database: Database,
  name: StreamName,
  before: Date,
): Promise<number> {
  for (let removed = 0; ; ) {
    const count = await database.transaction(async (tx) => {
      const gone = await tx.query<{ position: number }>(
        `delete from streams.${name} where position in (
           select position from streams.${name}
           where at < $1 and position <= coalesce(
             (select min(position) from streams.cursors where stream = $2), 9e15::bigint)
           order by position limit $3)
         returning position`,
        [before, name, removedPerTransactionMax],
      );
      if (gone.length === 0) return 0;
      const floor = Math.max(...gone.map((entry) => entry.position));
      await tx.query(
        "update streams.floors set position = greatest(position, $2) where stream = $1",
        [name, floor],
      );
      return gone.length;
    });
    removed += count;
    if (count < removedPerTransactionMax) return removed;
  }
}
