import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import type {
  EventFactRow,
  FoundFact,
  HistoryRequest,
  PersonRow,
  ProjectionStore,
} from "./projection-store.ts";

interface StoredPerson extends Row {
  person_id: string;
  traits: string;
  identity_change_id: string | null;
}

function toPerson(row: StoredPerson): PersonRow {
  return {
    personId: row.person_id,
    traits: JSON.parse(row.traits) as Record<string, unknown>,
    identityChangeId: row.identity_change_id,
  };
}

/** Two walks of the primary key for each request; the limits are columns of the request itself. */
const historiesSql = `
select r.request - 1 as request, f.at_ms as "atMs", f.position as position,
  case when r.wants then f.properties end as properties
from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
  $7::int[], $8::int[], $9::bool[]) with ordinality
  as r(subject_key, fact_name, since_ms, as_of_ms, until_ms, until_position, newest, soonest, wants,
    request)
cross join lateral (
  (select at_ms, position, properties from audiences.event_facts e
   where e.subject_key = r.subject_key and e.fact_name = r.fact_name and e.at_ms > r.since_ms
     and (e.at_ms, e.position) < (r.until_ms, r.until_position)
   order by e.at_ms desc, e.position desc limit r.newest)
  union all
  (select at_ms, position, properties from audiences.event_facts e
   where e.subject_key = r.subject_key and e.fact_name = r.fact_name and e.at_ms > r.as_of_ms
   order by e.at_ms, e.position limit r.soonest)
) f`;

export class PostgresProjectionStore implements ProjectionStore {
  async persons(session: Session, personIds: readonly string[]): Promise<Map<string, PersonRow>> {
    if (personIds.length === 0) return new Map();
    const rows = await session.query<StoredPerson>(
      {
        name: "audiences-persons",
        text: `select p.person_id, p.traits, p.identity_change_id from unnest($1::text[]) k(id)
          join audiences.persons p on p.person_id = k.id`,
      },
      [personIds],
    );
    return new Map(rows.map((row) => [row.person_id, toPerson(row)]));
  }

  async personsAfter(session: Session, after: string, limit: number): Promise<PersonRow[]> {
    const rows = await session.query<StoredPerson>(
      {
        name: "audiences-persons-after",
        text: `select person_id, traits, identity_change_id from audiences.persons
          where person_id > $1 order by person_id limit $2`,
      },
      [after, limit],
    );
    return rows.map(toPerson);
  }

  savePersons(transaction: Transaction, persons: readonly PersonRow[]): void {
    if (persons.length === 0) return;
    transaction.write(
      {
        name: "audiences-save-persons",
        text: `insert into audiences.persons (person_id, traits, identity_change_id)
          select * from unnest($1::text[], $2::text[], $3::text[])
          on conflict (person_id) do update
          set traits = excluded.traits, identity_change_id = excluded.identity_change_id`,
      },
      [
        persons.map((person) => person.personId),
        persons.map((person) => JSON.stringify(person.traits)),
        persons.map((person) => person.identityChangeId),
      ],
    );
  }

  removePersons(transaction: Transaction, personIds: readonly string[]): void {
    if (personIds.length === 0) return;
    transaction.write("delete from audiences.persons where person_id = any($1::text[])", [
      personIds,
    ]);
  }

  addFacts(transaction: Transaction, facts: readonly EventFactRow[]): void {
    if (facts.length === 0) return;
    transaction.write(
      {
        name: "audiences-add-facts",
        text: `insert into audiences.event_facts
          (subject_key, fact_name, at_ms, position, properties)
          select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
          on conflict do nothing`,
      },
      [
        facts.map((fact) => fact.subjectKey),
        facts.map((fact) => fact.factName),
        facts.map((fact) => fact.atMs),
        facts.map((fact) => fact.position),
        facts.map((fact) => fact.properties),
      ],
    );
  }

  async keysWithFacts(session: Session, subjectKeys: readonly string[]): Promise<Set<string>> {
    if (subjectKeys.length === 0) return new Set();
    const rows = await session.query<{ key: string }>(
      {
        name: "audiences-keys-with-facts",
        // A scalar, not `exists`: that a planner might answer by reading the whole table.
        text: `select k.key from unnest($1::text[]) k(key) where
          (select 1 from audiences.event_facts e where e.subject_key = k.key limit 1) is not null`,
      },
      [subjectKeys],
    );
    return new Set(rows.map((row) => row.key));
  }

  removeFacts(transaction: Transaction, subjectKeys: readonly string[]): void {
    if (subjectKeys.length === 0) return;
    transaction.write("delete from audiences.event_facts where subject_key = any($1::text[])", [
      subjectKeys,
    ]);
  }

  async histories(session: Session, requests: readonly HistoryRequest[]): Promise<FoundFact[]> {
    if (requests.length === 0) return [];
    const rows = await session.query<Row & FoundFact>(
      { name: "audiences-histories", text: historiesSql },
      [
        requests.map((request) => request.subjectKey),
        requests.map((request) => request.factName),
        requests.map((request) => request.sinceMs),
        requests.map((request) => request.asOfMs),
        requests.map((request) => request.before?.atMs ?? request.asOfMs + 1),
        requests.map((request) => request.before?.position ?? 0),
        requests.map((request) => request.newest),
        requests.map((request) => request.soonest),
        requests.map((request) => request.hasFilter),
      ],
    );
    return rows.map((row) => ({ ...row, request: Number(row.request) }));
  }
}
