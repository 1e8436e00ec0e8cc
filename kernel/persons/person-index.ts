import type { IdentityChange } from "../announcements/identity-announcements.ts";
import { identifierKey } from "../announcements/identity-announcements.ts";
import type { Migration, Session, Transaction } from "../database/database.ts";

/** Tables of one subgraph's own projection "identifier to person", in that subgraph's schema. */
export function personIndexMigration(schema: string): Migration {
  return {
    name: "0000-person-index",
    sql: `
      create schema if not exists ${schema};
      create table ${schema}.person_identifiers (
        identifier_key text primary key,
        person_id text not null
      );
      create index on ${schema}.person_identifiers (person_id);
      create table ${schema}.person_redirects (
        old_id text primary key,
        person_id text not null
      );
      create index on ${schema}.person_redirects (person_id);`,
  };
}

/**
 * Persons first: by person they are asked for at each turn, by identifier only where `findsPersons`. An index
 * less is a third of what a new identifier costs.
 */
export function personsFirstMigration(
  schema: string,
  { findsPersons }: { findsPersons: boolean },
): Migration {
  const table = `${schema}.person_identifiers`;
  return {
    name: "0000-persons-first",
    sql: `
      alter table ${table} drop constraint person_identifiers_pkey;
      drop index ${schema}.person_identifiers_person_id_idx;
      alter table ${table} add primary key (person_id, identifier_key);
      ${findsPersons ? `create index on ${table} (identifier_key);` : ""}`,
  };
}

interface Move {
  from: string | null;
  to: string | null;
}

/**
 * Who an identifier is, as far as this subgraph has read the identity stream. Moves only the identifiers
 * that changed hands: a merge of two large persons costs what one of two small ones does. Look-ups go by
 * key one by one (`lateral … offset 0`): a planner without statistics would read the whole table.
 */
export class PersonIndex {
  private readonly schema: string;

  constructor(schema: string) {
    this.schema = schema;
  }

  /** Applies changes in their order; applying one twice changes nothing. */
  apply(transaction: Transaction, changes: readonly IdentityChange[]): void {
    const moves = new Map<string, Move>();
    const redirects = new Map<string, string>();
    for (const change of changes) {
      for (const move of change.moves) {
        const key = identifierKey(move);
        const from = moves.get(key)?.from;
        moves.set(key, { from: from === undefined ? move.from : from, to: move.to });
      }
      for (const { from, to } of change.redirects) redirects.set(from, to);
    }
    this.move(transaction, moves);
    this.redirect(transaction, redirects);
  }

  /** The person of each identifier key that has one; only where the migration says `findsPersons`. */
  async personsOf(session: Session, keys: readonly string[]): Promise<Map<string, string>> {
    if (keys.length === 0) return new Map();
    const rows = await session.query<{ identifier_key: string; person_id: string }>(
      {
        name: `${this.schema}-persons-of`,
        text: `select i.* from unnest($1::text[]) as k(key) cross join lateral (
                 select identifier_key, person_id from ${this.schema}.person_identifiers
                 where identifier_key = k.key offset 0) as i`,
      },
      [keys],
    );
    return new Map(rows.map((row) => [row.identifier_key, row.person_id]));
  }

  /** The identifier keys of each person that has some; ids that were merged away have none. */
  async identifiersOf(
    session: Session,
    personIds: readonly string[],
  ): Promise<Map<string, string[]>> {
    const keys = new Map<string, string[]>();
    if (personIds.length === 0) return keys;
    const rows = await session.query<{ identifier_key: string; person_id: string }>(
      {
        name: `${this.schema}-identifiers-of`,
        text: `select i.* from unnest($1::text[]) as k(id) cross join lateral (
                 select identifier_key, person_id from ${this.schema}.person_identifiers
                 where person_id = k.id offset 0) as i order by identifier_key`,
      },
      [[...new Set(personIds)]],
    );
    for (const row of rows) {
      const known = keys.get(row.person_id);
      if (known) known.push(row.identifier_key);
      else keys.set(row.person_id, [row.identifier_key]);
    }
    return keys;
  }

  /** The present id of each person id: itself, or the survivor it was merged into. */
  async survivors(session: Session, personIds: readonly string[]): Promise<Map<string, string>> {
    const survivors = new Map(personIds.map((id) => [id, id]));
    if (personIds.length === 0) return survivors;
    const rows = await session.query<{ old_id: string; person_id: string }>(
      {
        name: `${this.schema}-survivors`,
        text: `select r.* from unnest($1::text[]) as k(id) cross join lateral (
                 select old_id, person_id from ${this.schema}.person_redirects
                 where old_id = k.id offset 0) as r`,
      },
      [personIds],
    );
    for (const row of rows) survivors.set(row.old_id, row.person_id);
    return survivors;
  }

  private move(transaction: Transaction, moves: ReadonlyMap<string, Move>): void {
    const changed = [...moves].filter(([, { from, to }]) => from !== to);
    const left = changed.filter(([, { from }]) => from !== null);
    // In order of keys, so that two writers lock in the same order.
    const taken = changed.filter(([, { to }]) => to !== null).sort(([a], [b]) => (a < b ? -1 : 1));
    if (left.length > 0) {
      transaction.write(
        {
          name: `${this.schema}-identifiers-leave`,
          text: `delete from ${this.schema}.person_identifiers i
                 using unnest($1::text[], $2::text[]) as gone (person_id, identifier_key)
                 where i.person_id = gone.person_id and i.identifier_key = gone.identifier_key`,
        },
        [left.map(([, { from }]) => from), left.map(([key]) => key)],
      );
    }
    if (taken.length > 0) {
      transaction.write(
        {
          name: `${this.schema}-identifiers-move`,
          text: `insert into ${this.schema}.person_identifiers (person_id, identifier_key)
                 select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
        },
        [taken.map(([, { to }]) => to), taken.map(([key]) => key)],
      );
    }
  }

  /** Redirects stay one hop: what led to a merged id leads to its survivor. */
  private redirect(transaction: Transaction, redirects: Map<string, string>): void {
    if (redirects.size === 0) return;
    const from = [...redirects.keys()];
    const to = from.map((id) => lastOf(id, redirects));
    transaction.write(
      `insert into ${this.schema}.person_redirects (old_id, person_id)
       select * from unnest($1::text[], $2::text[]) on conflict (old_id)
       do update set person_id = excluded.person_id`,
      [from, to],
    );
    transaction.write(
      `update ${this.schema}.person_redirects as redirect set person_id = target.person_id
       from ${this.schema}.person_redirects as target
       where redirect.person_id = target.old_id and target.person_id <> target.old_id
         and target.old_id = any($1::text[])`,
      [from],
    );
    transaction.write(
      `delete from ${this.schema}.person_redirects where old_id = person_id and old_id = any($1::text[])`,
      [from],
    );
  }
}

/** Where a chain of redirects within one run of changes ends. */
function lastOf(id: string, redirects: ReadonlyMap<string, string>): string {
  let last = id;
  for (let hops = 0; hops <= redirects.size; hops += 1) {
    const next = redirects.get(last);
    if (next === undefined || next === last) break;
    last = next;
  }
  return last;
}
