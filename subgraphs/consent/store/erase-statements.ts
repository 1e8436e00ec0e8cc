import type { Session } from "../../../kernel/database/database.ts";

export interface ForgottenSubjects {
  keys: readonly string[];
  /** Shared identifiers, of which only a stretch of time goes. */
  stretches: readonly { key: string; from: string | null; until: string | null }[];
  /** What came later is of somebody who came back. */
  erasedAt: string;
}

/** Which column of a table says when something was so. */
const tables = {
  statements: "stated_at",
  standings: "stated_at",
  signals: "seen_at",
  tenures: "at",
};

/** Removes what subjects said, as far as the stream has not done it already. */
export async function eraseStatements(
  session: Session,
  { keys, stretches, erasedAt }: ForgottenSubjects,
): Promise<void> {
  for (const [table, column] of Object.entries(tables)) {
    await session.query(
      `delete from consent.${table} where subject_key = any($1::text[]) and ${column} <= $2`,
      [keys, erasedAt],
    );
    await session.query(
      `delete from consent.${table} as t
       using unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as s (key, since, until)
       where t.subject_key = s.key and (s.since is null or t.${column} >= s.since)
         and (s.until is null or t.${column} < s.until)`,
      [
        stretches.map(({ key }) => key),
        stretches.map(({ from }) => from),
        stretches.map(({ until }) => until),
      ],
    );
  }
  await session.query(
    `update consent.suppressions set address_key = null, note = null
     where address_key = any($1::text[]) and created_at <= $2`,
    [keys, erasedAt],
  );
}
