import type { Row, Session } from "../../../kernel/database/database.ts";
import type { Heard, RareFacts } from "./consent-store.ts";
import { type StandingRow, toStatementFact } from "./postgres-statements.ts";
import { seeAlsoKind } from "./see-also.ts";
import { keyedSubjects, subjectHash } from "./subject-hash.ts";

const rareFacts = {
  name: "consent-rare-facts",
  text: `
    select f.* from ${keyedSubjects} as k cross join lateral (
      select 'TENURE' as fact, subject_key as subject, from_person_id as a, to_person_id as b,
        message_id as c, at, null::boolean as flag, number
      from consent.tenures where subject_key = k.key
      union all
      select 'SUPPRESSION', k.key, channel, reason, null, created_at, null, 0
      from consent.suppressions where address_hash = k.hash and lifted_at is null
      union all
      select 'SIGNAL', subject_key, kind, null, null, seen_at, is_on, 0
      from consent.signals where subject_key = k.key
      union all
      select 'ERASURE', k.key, null, null, null, erased_at, null, 0
      from consent.erasures where subject_hash = k.hash
      offset 0) as f
    order by f.number`,
};

interface FactRow extends Row {
  fact: "TENURE" | "SUPPRESSION" | "SIGNAL" | "ERASURE";
  subject: string;
  a: string | null;
  b: string | null;
  c: string | null;
  at: Date;
  flag: boolean | null;
}

/** What is known of the subjects beside what they said. */
export async function readRareFacts(
  session: Session,
  subjectKeys: readonly string[],
): Promise<RareFacts> {
  const facts: RareFacts = { tenures: [], suppressions: [], signals: [], erasures: [] };
  if (subjectKeys.length === 0) return facts;
  const values = [subjectKeys, subjectKeys.map(subjectHash)];
  for (const row of await session.query<FactRow>(rareFacts, values)) sortIn(facts, row);
  return facts;
}

function sortIn(facts: RareFacts, { fact, subject, a, b, c, at, flag }: FactRow): void {
  switch (fact) {
    case "TENURE": {
      const tenure = { fromPersonId: a, toPersonId: b, messageId: c };
      facts.tenures.push({ subject, at: at.getTime(), ...tenure });
      break;
    }
    case "SUPPRESSION":
      facts.suppressions.push({
        address: subject,
        channel: a === "" ? null : a,
        reason: b!,
        topic: null,
      });
      break;
    case "SIGNAL":
      facts.signals.push({ subjectKey: subject, isOn: flag === true, seenAt: at.getTime() });
      break;
    case "ERASURE":
      facts.erasures.push({ subjectKey: subject, erasedAt: at.getTime() });
      break;
  }
}

/**
 * What stands for persons, from their identifiers and the addresses named with them, in one
 * statement:
 * deciding is on activation's hot path. Each look-up goes by primary key (`lateral … offset 0`, a
 * scalar in the place of `not exists`): left to itself, a planner without statistics reads the
 * whole table (42 µs a person instead of 12).
 */
const heard = {
  name: "consent-heard",
  text: `
    select x.person_id, x.subject, x.is_stranger, s.* from (
      select p.id as person_id, i.identifier_key as subject, false as is_stranger
      from unnest($1::text[]) as p(id) cross join lateral (
        select identifier_key from consent.person_identifiers where person_id = p.id offset 0) as i
      union all
      select a.person_id, a.subject, true
      from unnest($2::text[], $3::text[]) as a(person_id, subject)
      where (select 1 from consent.person_identifiers i
        where i.person_id = a.person_id and i.identifier_key = a.subject limit 1) is null
    ) as x left join lateral (
      select * from consent.standings
      where subject_key = x.subject and purpose_key = any($4::text[]) offset 0) as s on true
    where s.subject_key is not null or x.is_stranger`,
};

interface HeardRow extends Row {
  person_id: string;
  subject: string;
  is_stranger: boolean;
  subject_key: string | null;
  kind: string | null;
}

export async function readHeard(
  session: Session,
  personIds: readonly string[],
  addresses: readonly { personId: string; address: string }[],
  purposeKeys: readonly string[],
): Promise<Heard[]> {
  const rows = await session.query<HeardRow & (StandingRow | Row)>(heard, [
    personIds,
    addresses.map((one) => one.personId),
    addresses.map((one) => one.address),
    ["", ...purposeKeys],
  ]);
  return rows.map((row) => {
    const isStatement = row.subject_key !== null && row.kind !== seeAlsoKind;
    return {
      personId: row.person_id,
      subjectKey: row.subject,
      statement: isStatement ? toStatementFact(row as unknown as StandingRow) : null,
    };
  });
}
