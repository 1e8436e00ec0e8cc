import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Database, Session, Transaction } from "../../../kernel/database/database.ts";
import { type StreamPage, streamLock } from "../../../kernel/streams/stream-store.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { RecentHeads } from "./recent-heads.ts";
import type { EventHead, EventLog, EventRow, WrittenKeys } from "./event-log.ts";

/**
 * The lock is taken in the statement that appends, so that order of positions is order of commits
 * (see kernel/streams). A message id seen before makes no entry and no error. What waits in quarantine
 * under one of the keys was sent again, mended: it waits no more. Looked for only where one of the
 * sources has something waiting, which costs one probe of an index. The plan is made once, while the
 * table may be empty: every step has one index that can serve it and no other (a key alone, `limit 1`, the
 * place in the table; with `state` beside the key 500 rows took 8 s where 50,000 wait).
 */
const append = {
  name: "events-append",
  text: `
    with locked as materialized (select pg_advisory_xact_lock(${streamLock("events")})),
    mended as (
      update events.quarantine set state = 'MENDED', settled_at = $1
      from (
        select found.place from unnest($2::text[]) entry (key)
        cross join lateral (
          select ctid as place, state from events.quarantine where key = entry.key limit 1) found
        where found.state = 'WAITING' and exists (
          select 1 from unnest($4::text[]) source (name)
          cross join lateral (
            select 1 from events.quarantine
            where source = source.name and settled_at is null limit 1) waiting)) entry
      where quarantine.ctid = entry.place)
    insert into streams.events (at, key, kind, payload)
    select $1, entry.key, 'ACCEPTED', entry.payload
    from locked, unnest($2::text[], $3::text[]) with ordinality as entry (key, payload, place)
    order by entry.place
    on conflict (key) do nothing
    returning key, position`,
};

/** An event that is in the stream already was accepted once and needs no mending. */
const quarantine = {
  name: "events-quarantine",
  text: `
    insert into events.quarantine
      (key, message_id, source, type, event, contract_version, received_at, violations, payload)
    select entry.*
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[],
                $7::timestamptz[], $8::text[], $9::text[])
      as entry (key, message_id, source, type, event, contract_version, received_at,
        violations, payload)
    where not exists (select 1 from streams.events known where known.key = entry.key)
    on conflict (key) do nothing
    returning key`,
};

interface Accepted {
  keys: Set<string>;
  page: StreamPage;
}

interface KeyRow extends Record<string, unknown> {
  key: string;
}

/** The event log on PostgreSQL, embedded or not. */
export class PostgresEventLog implements EventLog {
  private readonly database: Database;
  private readonly streams: Streams;
  private readonly clock: Clock;
  private readonly recent = new RecentHeads();

  constructor(database: Database, streams: Streams, clock: Clock) {
    this.database = database;
    this.streams = streams;
    this.clock = clock;
  }

  async write(rows: readonly EventRow[]): Promise<WrittenKeys> {
    if (rows.some((row) => row.quarantine !== null)) {
      return this.database.transaction((transaction) => this.append(transaction, rows));
    }
    // One statement is a transaction by itself: one round trip in place of three.
    const { keys, page } = await this.accept(this.database, rows);
    if (page.entries.length > 0) this.streams.appended("events", page);
    return { accepted: keys, quarantined: new Set() };
  }

  async append(transaction: Transaction, rows: readonly EventRow[]): Promise<WrittenKeys> {
    const valid = rows.filter((row) => row.quarantine === null);
    const invalid = withoutThoseBehindValid(rows);
    // First, because it looks into the stream; and the stream's lock is held the shorter.
    const kept =
      invalid.length === 0
        ? []
        : await transaction.query<KeyRow>(quarantine, quarantineColumns(invalid));
    const { keys, page } = await this.accept(transaction, valid);
    if (keys.size > 0) transaction.afterCommit(() => this.streams.appended("events", page));
    return { accepted: keys, quarantined: new Set(kept.map((row) => row.key)) };
  }

  async atPositions(session: Session, positions: number[]): Promise<Map<number, AcceptedEvent>> {
    const rows = await session.query<{ position: number; payload: string }>(
      {
        name: "events-at-positions",
        text: `select position, payload from streams.events where position = any($1::bigint[])`,
      },
      [positions],
    );
    return new Map(rows.map((row) => [row.position, JSON.parse(row.payload) as AcceptedEvent]));
  }

  async headsAt(session: Session, positions: number[]): Promise<EventHead[]> {
    const heads: EventHead[] = [];
    const others: number[] = [];
    for (const position of positions) {
      const head = this.recent.get(position);
      if (head) heads.push(head);
      else others.push(position);
    }
    if (others.length === 0) return heads;
    for (const [position, event] of await this.atPositions(session, others)) {
      const { occurredAt, type, name, source } = event;
      heads.push({ position, occurredAt, type, name, source });
    }
    return heads;
  }

  async byKeys(session: Session, keys: string[]): Promise<Map<string, AcceptedEvent>> {
    const rows = await session.query<{ key: string; payload: string }>(
      {
        name: "events-by-keys",
        text: `select key, payload from streams.events where key = any($1::text[])`,
      },
      [keys],
    );
    return new Map(rows.map((row) => [row.key, JSON.parse(row.payload) as AcceptedEvent]));
  }

  private async accept(session: Session, rows: readonly EventRow[]): Promise<Accepted> {
    if (rows.length === 0) return { keys: new Set(), page: { entries: [], size: 0 } };
    const at = this.clock.now();
    const inserted = await session.query<KeyRow & { position: number }>(append, [
      at,
      rows.map((row) => row.key),
      rows.map((row) => row.payload),
      [...new Set(rows.map((row) => row.event.source))],
    ]);
    const positions = new Map(inserted.map((row) => [row.key, row.position]));
    const page: StreamPage = { entries: [], size: 0 };
    for (const { key, payload, event } of rows) {
      const position = positions.get(key);
      // Of two rows with one key the first was inserted.
      if (position === undefined || !positions.delete(key)) continue;
      // Positions of a transaction that fails later are never asked for, nor given again.
      const { occurredAt, type, name, source } = event;
      this.recent.add({ position, occurredAt, type, name, source });
      page.entries.push({ position, at, key, kind: "ACCEPTED", payload: event });
      page.size += payload.length;
    }
    return { keys: new Set(inserted.map((row) => row.key)), page };
  }
}

/** Rows for quarantine, but those whose key a valid row before them has: their event is known. */
function withoutThoseBehindValid(rows: readonly EventRow[]): EventRow[] {
  const known = new Set<string>();
  return rows.filter((row) => {
    if (row.quarantine === null) known.add(row.key);
    return row.quarantine !== null && !known.has(row.key);
  });
}

function quarantineColumns(rows: readonly EventRow[]): unknown[] {
  const heads = rows.map((row) => row.quarantine!);
  return [
    rows.map((row) => row.key),
    heads.map((head) => head.messageId),
    heads.map((head) => head.source),
    heads.map((head) => head.type),
    heads.map((head) => head.event),
    heads.map((head) => head.contractVersion),
    heads.map((head) => head.receivedAt),
    heads.map((head) => JSON.stringify(head.violations)),
    rows.map((row) => row.payload),
  ];
}
