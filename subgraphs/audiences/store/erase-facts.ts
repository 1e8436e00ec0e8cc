import type { Session } from "../../../kernel/database/database.ts";

export interface ForgottenFacts {
  keys: readonly string[];
  /** Shared identifiers, of which only a stretch of time goes. */
  stretches: readonly { key: string; from: string | null; until: string | null }[];
  personIds: readonly string[];
  /** What came later is of somebody who came back. */
  erasedAt: string;
}

/** Removes what the stream has not removed already. */
export async function eraseFacts(session: Session, forgotten: ForgottenFacts): Promise<void> {
  const { keys, stretches, personIds, erasedAt } = forgotten;
  const ms = (instant: string | null) => (instant === null ? null : Date.parse(instant));
  await session.query(
    "delete from audiences.event_facts where subject_key = any($1::text[]) and at_ms <= $2",
    [keys, ms(erasedAt)],
  );
  await session.query(
    `delete from audiences.event_facts as f
     using unnest($1::text[], $2::bigint[], $3::bigint[]) as s (key, since, until)
     where f.subject_key = s.key and (s.since is null or f.at_ms >= s.since)
       and (s.until is null or f.at_ms < s.until)`,
    [
      stretches.map(({ key }) => key),
      stretches.map(({ from }) => ms(from)),
      stretches.map(({ until }) => ms(until)),
    ],
  );
  for (const table of ["persons", "memberships"]) {
    await session.query(`delete from audiences.${table} where person_id = any($1::text[])`, [
      personIds,
    ]);
  }
}
