import { deflateRawSync, inflateRawSync } from "node:zlib";
import { int } from "neo4j-driver";
import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { NewStreamEntry } from "../../../kernel/streams/stream.ts";

/** Kind of the entry that is no announcement but a `ParkedEvent`. */
export const parkedKind = "PARKED";

/** Kind of the entry that is no announcement but what a unit of work means to the review queue. */
export const reviewNoteKind = "REVIEW_NOTE";

/** Units of work read back at once. */
const unitsPerReadMax = 20;
/** Of zlib: the fastest; entries of a unit are much alike, so a tenth is left anyway. */
const compression = { level: 1 };

export interface Announcement extends NewStreamEntry {
  position: number;
}

/**
 * Leaves what one unit of work says in the graph, as part of what made it true, from position
 * `first` on: one node, compressed, as it costs the engine for each property and 120 bytes of it,
 * when it comes and when it goes.
 */
export function leaveAnnouncements(
  tx: GraphTransaction,
  entries: readonly NewStreamEntry[],
  first: number,
): void {
  tx.write("CREATE (:Announcements {first: $first, position: $last, entries: $entries})", {
    first: int(first),
    last: int(first + entries.length - 1),
    entries: bytesOf(entries),
  });
}

/** Entries behind a position, ascending: of the next few units of work. */
export async function readAnnouncements(
  tx: GraphTransaction,
  after: number,
): Promise<Announcement[]> {
  const units = await tx.run<{ first: number; entries: Int8Array }>(
    `MATCH (unit:Announcements) WHERE unit.position > $after
     RETURN unit.first AS first, unit.entries AS entries ORDER BY unit.position LIMIT $limit`,
    { after: int(after), limit: int(unitsPerReadMax) },
  );
  return units
    .flatMap(({ first, entries }) =>
      entriesOf(entries).map((entry, place) => ({ ...entry, position: first + place })),
    )
    .filter(({ position }) => position > after);
}

/** Removes units of work up to a position, at most `limit`; gives how many. */
export async function removeAnnouncements(
  tx: GraphTransaction,
  upTo: number,
  limit: number,
): Promise<number> {
  const [row] = await tx.run<{ removed: number }>(
    `MATCH (unit:Announcements) WHERE unit.position <= $upTo
     WITH unit LIMIT $limit DELETE unit RETURN count(*) AS removed`,
    { upTo: int(upTo), limit: int(limit) },
  );
  return row?.removed ?? 0;
}

function bytesOf(entries: readonly NewStreamEntry[]): Int8Array {
  const { buffer, byteOffset, length } = deflateRawSync(JSON.stringify(entries), compression);
  return new Int8Array(buffer, byteOffset, length);
}

function entriesOf(bytes: Int8Array): NewStreamEntry[] {
  return JSON.parse(inflateRawSync(bytes).toString()) as NewStreamEntry[];
}
