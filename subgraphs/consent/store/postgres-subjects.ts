import {
  identifierKey,
  type IdentifierMove,
  type IdentityChange,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { SeenSignal, SubjectsWithFacts } from "./consent-store.ts";
import { markSeeAlso, seeAlsoKind } from "./see-also.ts";
import { keyedSubjects, subjectHash } from "./subject-hash.ts";

/**
 * A subject's first person needs no tenure: it has been with that person for ever. Only who changes
 * hands, or had spoken before belonging to anybody, gets one.
 */
export function addTenures(
  transaction: Transaction,
  changes: readonly IdentityChange[],
  spoken: ReadonlySet<string>,
): void {
  const moves = changes.flatMap((change) =>
    change.moves
      .filter(({ from, to }) => to !== null && from !== to)
      .filter((move) => move.from !== null || spoken.has(identifierKey(move)))
      .map((move) => ({ move, change })),
  );
  if (moves.length === 0) return;
  const text = `
    insert into consent.tenures (subject_key, from_person_id, to_person_id, at, message_id)
    select m.subject_key, m.from_person_id, m.to_person_id, m.at, m.message_id
    from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
      with ordinality as m(subject_key, from_person_id, to_person_id, at, message_id, number)
    order by m.number`;
  transaction.write({ name: "consent-insert-tenures", text }, [
    moves.map(({ move }) => identifierKey(move)),
    moves.map(({ move }) => move.from),
    moves.map(({ move }) => move.to),
    moves.map(({ change }) => new Date(change.occurredAt)),
    moves.map(({ change }) => change.cause.messageId),
  ]);
  markSeeAlso(
    transaction,
    moves.map(({ move }) => identifierKey(move)),
  );
}

/**
 * What is known of a subject shows among the standings under its key. Of the erased a hash alone is left: looked for
 * where anybody was erased at all.
 */
const traces = {
  name: "consent-traces",
  text: `
    select f.* from ${keyedSubjects} as k cross join lateral (
      select k.key, kind <> '${seeAlsoKind}' as spoken, false as erased from consent.standings
        where subject_key = k.key
      union all
      select k.key, false, true from consent.erasures
        where (select exists (select 1 from consent.erasures)) and subject_hash = k.hash
      offset 0) as f`,
};

/** Of subjects that have more to be known: who is suppressed, who sent a signal. */
const marks = {
  name: "consent-marks",
  text: `
    select f.* from ${keyedSubjects} as k cross join lateral (
      select k.key, false as suppressed from consent.signals where subject_key = k.key
      union all
      (select k.key, true from consent.suppressions
        where address_hash = k.hash and lifted_at is null limit 1)
      offset 0) as f`,
};

export async function subjectsWithFacts(
  session: Session,
  moves: readonly IdentifierMove[],
): Promise<SubjectsWithFacts> {
  const found: SubjectsWithFacts = { spoken: new Set(), any: new Set(), reappeared: new Set() };
  if (moves.length === 0) return found;
  const keys = [...new Set(moves.map(identifierKey))];
  const traced = await session.query<{ key: string; spoken: boolean; erased: boolean }>(traces, [
    keys,
    keys.map(subjectHash),
  ]);
  if (traced.length === 0) return found;
  for (const { key, spoken, erased } of traced) {
    if (spoken || erased) found.any.add(key);
    if (spoken) found.spoken.add(key);
    if (erased) found.reappeared.add(key);
  }
  const more = [...new Set(traced.map(({ key }) => key))];
  const marked = await session.query<{ key: string; suppressed: boolean }>(marks, [
    more,
    more.map(subjectHash),
  ]);
  for (const { key, suppressed } of marked) {
    found.any.add(key);
    if (suppressed) found.reappeared.add(key);
  }
  return found;
}

/** The latest signal of each subject stands; one row a subject and statement. */
export async function saveSignals(transaction: Transaction, signals: SeenSignal[]): Promise<void> {
  const latest = new Map<string, SeenSignal>();
  for (const signal of signals) {
    const known = latest.get(signal.subjectKey);
    if (!known || signal.seenAt >= known.seenAt) latest.set(signal.subjectKey, signal);
  }
  if (latest.size === 0) return;
  const rows = [...latest.values()];
  const text = `
    insert into consent.signals as g (subject_key, kind, is_on, seen_at)
    select n.subject_key, 'GPC', n.is_on, n.seen_at
    from unnest($1::text[], $2::boolean[], $3::timestamptz[]) as n(subject_key, is_on, seen_at)
    on conflict (subject_key, kind) do update
      set is_on = excluded.is_on, seen_at = excluded.seen_at
    where excluded.seen_at >= g.seen_at and excluded.is_on <> g.is_on
    returning g.subject_key`;
  const statement = { name: "consent-save-signals", text };
  const saved = await transaction.query<{ subject_key: string }>(statement, [
    rows.map((row) => row.subjectKey),
    rows.map((row) => row.isOn),
    rows.map((row) => new Date(row.seenAt)),
  ]);
  markSeeAlso(
    transaction,
    saved.map((row) => row.subject_key),
  );
}

export async function eraseSubjects(
  transaction: Transaction,
  subjectKeys: string[],
  at: number,
): Promise<void> {
  if (subjectKeys.length === 0) return;
  for (const table of ["statements", "standings", "signals", "tenures"]) {
    const text = `delete from consent.${table} where subject_key = any($1)`;
    await transaction.query(text, [subjectKeys]);
  }
  const hashes = [...new Set(subjectKeys)].map(subjectHash);
  await transaction.query(
    `update consent.suppressions set address_key = null, note = null
     where address_hash in (select consent.keyed(h) from unnest($1::text[]) as h)`,
    [hashes],
  );
  await transaction.query(
    `insert into consent.erasures (subject_hash, erased_at)
     select consent.keyed(hash), $2 from unnest($1::text[]) as n(hash)
     on conflict (subject_hash) do update set erased_at = excluded.erased_at`,
    [hashes, new Date(at)],
  );
}
