import { int } from "neo4j-driver";
import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { NewStreamEntry } from "../../../kernel/streams/stream.ts";

/**
 * Kind of the entry that is no announcement but the note of an event that could not be taken in.
 */
export const parkedKind = "PARKED";

/** Kind of the entry that is no announcement but what a unit of work means to the review queue. */
export const reviewNoteKind = "REVIEW_NOTE";

/** Payload of kind PARKED: an entry of stream `events` that was passed over, and why. */
export interface ParkedEvent {
  position: number;
  reason: string;
  parkedAt: string;
}

export interface Announcement extends NewStreamEntry {
  position: number;
}

/** Leaves entries in the graph, as part of what made them true, from position `first` on. */
export async function leaveAnnouncements(
  tx: GraphTransaction,
  entries: readonly NewStreamEntry[],
  first: number,
): Promise<void> {
  await tx.run(
    `UNWIND $entries AS entry
     CREATE (:Announcement {
       position: entry.position, key: entry.key, kind: entry.kind, payload: entry.payload})`,
    {
      entries: entries.map(({ key, kind, payload }, place) => ({
        position: int(first + place),
        key,
        kind,
        payload: JSON.stringify(payload),
      })),
    },
  );
}

/** Entries behind a position, ascending, at most `limit`. */
export async function readAnnouncements(
  tx: GraphTransaction,
  after: number,
  limit: number,
): Promise<Announcement[]> {
  const found = await tx.run<{ entry: Omit<Announcement, "payload"> & { payload: string } }>(
    `MATCH (entry:Announcement) WHERE entry.position > $after
     RETURN entry {.position, .key, .kind, .payload} AS entry ORDER BY entry.position LIMIT $limit`,
    { after: int(after), limit: int(limit) },
  );
  return found.map(({ entry }) => ({ ...entry, payload: JSON.parse(entry.payload) as unknown }));
}

/** Removes entries up to a position, at most `limit`; gives how many. */
export async function removeAnnouncements(
  tx: GraphTransaction,
  upTo: number,
  limit: number,
): Promise<number> {
  const [row] = await tx.run<{ removed: number }>(
    `MATCH (entry:Announcement) WHERE entry.position <= $upTo
     WITH entry LIMIT $limit DELETE entry RETURN count(*) AS removed`,
    { upTo: int(upTo), limit: int(limit) },
  );
  return row?.removed ?? 0;
}
