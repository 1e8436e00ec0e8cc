import type { Session, Transaction } from "../database/database.ts";
import { StoredEntry } from "./stored-entry.ts";
import { type NewStreamEntry, type StreamEntry, type StreamName, streamNames } from "./stream.ts";

/** Most entries that one read gives. */
export const pageEntriesMax = 1_000;

const lockBase = 7_164_320_100;

/**
 * Taken in the statement that appends and held until commit: so the order of positions is the order of
 * commits, and a reader that saw a position may read past it. Without it 1,771 of 3,825 entries were
 * skipped with 8 writers.
 */
export function streamLock(name: StreamName): number {
  return lockBase + streamNames.indexOf(name);
}

/**
 * Appends entries in order with the commit of the caller's transaction; `then` gets them as they stand in the
 * stream.
 */
export function appendEntries(
  transaction: Transaction,
  name: StreamName,
  entries: readonly NewStreamEntry[],
  at: Date,
  then: (page: StreamPage) => void,
): void {
  const payloads = entries.map((entry) => JSON.stringify(entry.payload));
  transaction.atCommit<{ position: number }>(
    {
      name: `streams-append-${name}`,
      text: `
        with locked as materialized (select pg_advisory_xact_lock(${streamLock(name)}))
        insert into streams.${name} (at, key, kind, payload)
        select $1, entry.key, entry.kind, entry.payload
        from locked, unnest($2::text[], $3::text[], $4::text[])
          with ordinality as entry (key, kind, payload, place)
        order by entry.place
        returning position`,
    },
    [at, entries.map((entry) => entry.key), entries.map((entry) => entry.kind), payloads],
    (rows) => then(pageOf(entries, payloads, rows, at)),
  );
}

function pageOf(
  entries: readonly NewStreamEntry[],
  payloads: readonly string[],
  rows: readonly { position: number }[],
  at: Date,
): StreamPage {
  let size = 0;
  const stored = entries.map(({ key, kind }, place) => {
    const text = payloads[place]!;
    size += text.length;
    return new StoredEntry({ position: rows[place]!.position, at, key, kind }, text);
  });
  return { entries: stored, size };
}

interface EntryRow extends Record<string, unknown> {
  position: number;
  at: Date;
  key: string;
  kind: string;
  payload: string;
}

export interface StreamPage {
  entries: StreamEntry[];
  /** Length of their stored payloads, in characters. */
  size: number;
}

/** Entries after a position, ascending; at most `limit` (1–1,000). */
export async function readPage(
  session: Session,
  name: StreamName,
  after: number,
  limit: number,
): Promise<StreamPage> {
  const rows = await session.query<EntryRow>(
    {
      name: `streams-read-${name}`,
      text: `select position, at, key, kind, payload from streams.${name}
             where position > $1 order by position limit $2`,
    },
    [after, Math.min(limit, pageEntriesMax)],
  );
  let size = 0;
  const entries = rows.map((row) => {
    size += row.payload.length;
    return new StoredEntry(row, row.payload);
  });
  return { entries, size };
}

/** Position of the newest entry; 0 when there never was one. */
export async function readHead(session: Session, name: StreamName): Promise<number> {
  const [row] = await session.query<{ head: number }>(
    {
      name: `streams-head-${name}`,
      text: `select coalesce(
          (select position from streams.${name} order by position desc limit 1),
          (select position from streams.floors where stream = '${name}'), 0) as head`,
    },
    [],
  );
  return row?.head ?? 0;
}

/** Position of the newest entry that retention has removed; cursors before it have expired. */
export async function readFloor(session: Session, name: StreamName): Promise<number> {
  const [row] = await session.query<{ position: number }>(
    { name: "streams-floor", text: "select position from streams.floors where stream = $1" },
    [name],
  );
  return row?.position ?? 0;
}
