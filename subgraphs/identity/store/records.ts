import type { Row, Session } from "../../../kernel/database/database.ts";
import {
  recordIdentifier,
  type RecordKind,
  recordName,
  type SourceRecord,
} from "../domain/records/source-record.ts";

/** A record as it is kept. */
export interface KnownRecord extends SourceRecord {
  /** Local number, ascending in the order of arrival; never leaves the subgraph. */
  id: number;
  name: string;
  /** Counts up with each content of any record. */
  revision: number;
  /** Keys of the identifiers that the graph has tied to it. */
  tied: readonly string[];
}

/** Of the table as `r`, for `toRecord`. */
export const recordColumns = `r.id, r.name, r.source, r.kind, r.key, r.observed_at, r.identifiers, r.attributes,
  r.revision, r.tied`;

/** The records of all sources. In PostgreSQL in both layouts. */
export class Records {
  private readonly database: Session;

  constructor(database: Session) {
    this.database = database;
  }

  /**
   * Keeps records, each waiting to be told to the graph. What is no newer than what is known stays
   * out; of two of one instant the greater text stays, whichever came first.
   */
  async put(records: readonly SourceRecord[]): Promise<void> {
    const rows = newestOfEach(records);
    if (rows.length === 0) return;
    await this.database.query(
      `insert into identity.records as r
         (name, source, kind, key, observed_at, identifiers, attributes, revision, state)
       select name, source, kind, key, observed_at, identifiers, attributes,
         nextval('identity.record_revisions'), 'PENDING'
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::text[]) as n (name, source, kind, key, observed_at, identifiers, attributes)
       on conflict (name) do update set observed_at = excluded.observed_at,
         identifiers = excluded.identifiers, attributes = excluded.attributes,
         revision = excluded.revision, state = 'PENDING', scored_with = -1, grouped_with = -1
       where (excluded.observed_at, excluded.attributes, excluded.identifiers)
         > (r.observed_at, r.attributes, r.identifiers)`,
      [
        rows.map(({ name }) => name),
        rows.map(({ record }) => record.source),
        rows.map(({ record }) => record.kind),
        rows.map(({ record }) => record.key),
        rows.map(({ record }) => record.observedAt),
        rows.map(({ identifiers }) => identifiers),
        rows.map(({ attributes }) => attributes),
      ],
    );
  }

  /** Records that the graph has not been told, oldest first. */
  async pending(limit: number): Promise<KnownRecord[]> {
    const found = await this.database.query(
      `select ${recordColumns} from identity.records r where r.state = 'PENDING' order by r.id limit $1`,
      [limit],
    );
    return found.map(toRecord);
  }

  /** The graph has these contents now, tied to these keys. */
  async settle(
    told: readonly { id: number; revision: number; tied: readonly string[] }[],
  ): Promise<void> {
    await this.database.query(
      `update identity.records r set tied = t.tied,
         state = case when r.revision = t.revision then 'DONE' else r.state end
       from unnest($1::bigint[], $2::bigint[], $3::text[]) as t (id, revision, tied)
       where r.id = t.id`,
      [
        told.map(({ id }) => id),
        told.map(({ revision }) => revision),
        told.map(({ tied }) => JSON.stringify(tied)),
      ],
    );
  }

  /** The graph refuses this content: it waits for another one. */
  async park({ id, revision }: { id: number; revision: number }): Promise<void> {
    await this.database.query(
      `update identity.records set state = 'PARKED' where id = $1 and revision = $2`,
      [id, revision],
    );
  }

  async byIds(ids: readonly number[], session: Session = this.database): Promise<KnownRecord[]> {
    if (ids.length === 0) return [];
    const found = await session.query(
      {
        name: "identity-records-by-id",
        text: `select ${recordColumns} from identity.records r where r.id = any($1::bigint[])`,
      },
      [ids],
    );
    return found.map(toRecord);
  }

  /** Revision by id. */
  async revisions(ids: readonly number[]): Promise<Map<number, number>> {
    const found = await this.database.query<{ id: number; revision: number }>(
      {
        name: "identity-record-revisions",
        text: "select id, revision from identity.records where id = any($1::bigint[])",
      },
      [ids],
    );
    return new Map(found.map(({ id, revision }) => [id, revision]));
  }

  /** By name. */
  async byNames(names: readonly string[]): Promise<Map<string, KnownRecord>> {
    if (names.length === 0) return new Map();
    const found = await this.database.query(
      `select ${recordColumns} from identity.records r where r.name = any($1::text[])`,
      [names],
    );
    return new Map(found.map(toRecord).map((record) => [record.name, record]));
  }

  /** Forgets records by the keys of their identifiers, with all that the matcher knows of them. */
  async forget(keys: readonly string[], session: Session = this.database): Promise<void> {
    if (keys.length === 0) return;
    const names = keys.map((key) => key.slice(key.indexOf(":") + 1));
    const gone = await session.query<{ id: number }>(
      `delete from identity.records r using unnest($1::text[], $2::text[]) as n (name, key)
       where r.name = n.name and n.key like 'record:%' returning r.id`,
      [names, keys],
    );
    const ids = gone.map(({ id }) => id);
    await session.query("delete from identity.record_keys where record_id = any($1::bigint[])", [
      ids,
    ]);
    await session.query(
      `delete from identity.record_pairs
       where left_id = any($1::bigint[]) or right_id = any($1::bigint[])`,
      [ids],
    );
  }
}

export function toRecord(row: Row): KnownRecord {
  const text = (name: string) => row[name] as string;
  return {
    id: row.id as number,
    name: text("name"),
    source: text("source"),
    kind: text("kind") as RecordKind,
    key: text("key"),
    observedAt: text("observed_at"),
    identifiers: JSON.parse(text("identifiers")),
    attributes: JSON.parse(text("attributes")),
    revision: row.revision as number,
    tied: JSON.parse(text("tied")),
  };
}

/** The key of a record in the graph. */
export function keyOf({ name }: { name: string }): string {
  return recordIdentifier(name).key;
}

/** Whether one content of a record stands, and the other is of before. */
export function supersedes(one: SourceRecord, other: SourceRecord): boolean {
  return isNewer(rowOf(one), rowOf(other));
}

function newestOfEach(records: readonly SourceRecord[]) {
  const newest = new Map<string, ReturnType<typeof rowOf>>();
  for (const record of records) {
    const row = rowOf(record);
    const known = newest.get(row.name);
    if (!known || isNewer(row, known)) newest.set(row.name, row);
  }
  return [...newest.values()];
}

function rowOf(record: SourceRecord) {
  return {
    name: recordName(record),
    record,
    identifiers: textOf(record.identifiers),
    attributes: textOf(record.attributes),
  };
}

function isNewer(one: ReturnType<typeof rowOf>, other: ReturnType<typeof rowOf>): boolean {
  const order = (row: typeof one) => [row.record.observedAt, row.attributes, row.identifiers];
  const [a, b] = [order(one), order(other)];
  const place = a.findIndex((text, at) => text !== b[at]);
  return place >= 0 && a[place]! > b[place]!;
}

/** JSON with the names of objects in order: the same content is the same text. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
