import type { Row, Session } from "../../../kernel/database/database.ts";
import type { SubjectFacts } from "./consent-store.ts";
import { type StandingRow, toStatementFact } from "./postgres-statements.ts";
import { subjectHash } from "./subject-hash.ts";

/**
 * Five small look-ups in one statement: deciding is on activation's hot path. Each goes by primary key
 * for each subject (`lateral … offset 0`): left to itself, a planner without statistics reads the whole
 * table (42 ms in place of 6 for 1,500 subjects among 60,000 standings, and growing).
 */
const factsAbout = {
  name: "consent-facts",
  text: `
    select f.* from unnest($1::text[], $3::text[]) as k(key, hash) cross join lateral (
      select 'STANDING' as fact, subject_key, purpose_key, channel, kind, by_operator as flag,
        stated_at as at, held_at, expires_at, message_id, 0::bigint as number
      from consent.standings where subject_key = k.key and purpose_key = any($2::text[])
      union all
      select 'TENURE', subject_key, from_person_id, to_person_id, null, null,
        at, null, null, message_id, number
      from consent.tenures where subject_key = k.key
      union all
      select 'SUPPRESSION', k.key, null, channel, reason, null, created_at, null, null, null, 0
      from consent.suppressions where address_hash = k.hash and lifted_at is null
      union all
      select 'SIGNAL', subject_key, null, null, kind, is_on, seen_at, null, null, null, 0
      from consent.signals where subject_key = k.key
      union all
      select 'ERASURE', k.key, null, null, null, null, erased_at, null, null, null, 0
      from consent.erasures where subject_hash = k.hash
      offset 0) as f
    order by f.number`,
};

interface FactRow extends Row {
  fact: "STANDING" | "TENURE" | "SUPPRESSION" | "SIGNAL" | "ERASURE";
  subject_key: string;
  purpose_key: string | null;
  channel: string | null;
  kind: string | null;
  flag: boolean | null;
  at: Date;
  held_at: Date | null;
  expires_at: Date | null;
  message_id: string | null;
}

/** What is known of the subjects; statements only of those purposes. */
export async function readFacts(
  session: Session,
  subjectKeys: string[],
  purposeKeys: string[],
): Promise<SubjectFacts> {
  const facts: SubjectFacts = {
    standings: [],
    tenures: [],
    suppressions: [],
    signals: [],
    erasures: [],
  };
  if (subjectKeys.length === 0) return facts;
  const values = [subjectKeys, purposeKeys, subjectKeys.map(subjectHash)];
  const rows = await session.query<FactRow>(factsAbout, values);
  for (const row of rows) sortIn(facts, row, row.subject_key);
  return facts;
}

function sortIn(facts: SubjectFacts, row: FactRow, subject: string): void {
  const at = row.at.getTime();
  switch (row.fact) {
    case "STANDING":
      facts.standings.push(toStatementFact(asStanding(row)));
      break;
    case "TENURE":
      facts.tenures.push({
        subject,
        fromPersonId: row.purpose_key,
        toPersonId: row.channel,
        at,
        messageId: row.message_id,
      });
      break;
    case "SUPPRESSION":
      facts.suppressions.push({
        address: subject,
        channel: row.channel === "" ? null : row.channel,
        reason: row.kind!,
        topic: null,
      });
      break;
    case "SIGNAL":
      facts.signals.push({ subjectKey: subject, isOn: row.flag === true, seenAt: at });
      break;
    case "ERASURE":
      facts.erasures.push({ subjectKey: subject, erasedAt: at });
      break;
  }
}

function asStanding(row: FactRow): StandingRow {
  const { subject_key, purpose_key, channel, kind, flag, at, held_at } = row;
  return {
    subject_key,
    purpose_key: purpose_key!,
    channel: channel!,
    kind: kind as StandingRow["kind"],
    by_operator: flag === true,
    stated_at: at,
    held_at: held_at!,
    expires_at: row.expires_at,
    message_id: row.message_id,
  };
}
