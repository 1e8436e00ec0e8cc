import type { Database } from "../database/database.ts";
import { type ErasureStep, erasureStepMs } from "../privacy/erased-subject.ts";
import { mentions } from "../privacy/redactor.ts";
import type { StreamName } from "./stream.ts";

/** Positions that one statement looks at. */
const positionsPerStatement = 2_000;

/** Wakes every process that keeps entries in memory: what it has may have been scrubbed. */
export const scrubbedTopic = "streams_scrubbed";

/** Stands in the place of the reason why an entry was parked, once the entry is rewritten. */
const erasedReason = "erased with what it told of";

export interface Scrubbing {
  /** Entries behind it are left as they are. */
  upTo: number;
  /** Texts (in lower case) and digits any of which an entry concerned holds. */
  parts: readonly string[];
  digits: readonly string[];
  /** Keys of entries that are concerned whatever they hold. */
  keys: readonly string[];
  /** What stands in its place; null: leave it. */
  rewrite(entry: StoredEntry): { key?: string; payload: unknown } | null;
}

export interface StoredEntry {
  position: number;
  key: string;
  kind: string;
  payload: unknown;
}

/**
 * Takes personal data out of entries that stay: position, time and kind are kept, so that cursors
 * have no gap. Goes over the whole stream, about a second at a time; a repetition changes nothing.
 */
export async function scrubStream(
  database: Database,
  name: StreamName,
  scrubbing: Scrubbing,
  next: string | null,
): Promise<ErasureStep> {
  const endMs = performance.now() + erasureStepMs;
  let after = next === null ? await firstBefore(database, name) : Number(next);
  let isScrubbed = false;
  while (after < scrubbing.upTo) {
    if (performance.now() > endMs) {
      if (isScrubbed) database.wakeUps.wake(scrubbedTopic);
      return { isDone: false, next: String(after) };
    }
    const until = Math.min(after + positionsPerStatement, scrubbing.upTo);
    isScrubbed = (await scrubStretch(database, name, scrubbing, after, until)) || isScrubbed;
    after = until;
  }
  if (isScrubbed) database.wakeUps.wake(scrubbedTopic);
  return { isDone: true, next: null };
}

async function firstBefore(database: Database, name: StreamName): Promise<number> {
  const [row] = await database.query<{ first: number | null }>(
    `select min(position) as first from streams.${name}`,
  );
  return (row?.first ?? 1) - 1;
}

async function scrubStretch(
  database: Database,
  name: StreamName,
  scrubbing: Scrubbing,
  after: number,
  until: number,
): Promise<boolean> {
  const rows = await database.query<{
    position: number;
    key: string;
    kind: string;
    payload: string;
  }>(
    `select position, key, kind, payload from streams.${name}
     where position > $3 and position <= $4
       and (key = any($5::text[]) or ${mentions("payload", 1)} or ${mentions("key", 1)})`,
    [scrubbing.parts, scrubbing.digits, after, until, scrubbing.keys],
  );
  const rewritten = rows.flatMap(({ payload, ...row }) => {
    const entry = { ...row, payload: JSON.parse(payload) as unknown };
    const made = scrubbing.rewrite(entry);
    if (!made) return [];
    const text = JSON.stringify(made.payload);
    const key = made.key ?? row.key;
    return text === payload && key === row.key ? [] : [{ position: row.position, key, text }];
  });
  if (rewritten.length === 0) return false;
  await rewriteEntries(database, name, rewritten);
  return true;
}

/** Puts other payloads and keys in the place of entries; a reason to park one may quote what it said. */
export async function rewriteEntries(
  database: Pick<Database, "query">,
  name: StreamName,
  entries: readonly { position: number; key: string; text: string }[],
): Promise<void> {
  await database.query(
    `update streams.${name} as e set key = n.key, payload = n.payload
     from unnest($1::bigint[], $2::text[], $3::text[]) as n (position, key, payload)
     where e.position = n.position`,
    [
      entries.map(({ position }) => position),
      entries.map(({ key }) => key),
      entries.map(({ text }) => text),
    ],
  );
  await database.query(
    `update streams.parked set reason = $3 where stream = $1 and position = any($2::bigint[])`,
    [name, entries.map(({ position }) => position), erasedReason],
  );
}
