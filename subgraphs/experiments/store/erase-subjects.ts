import type { Session } from "../../../kernel/database/database.ts";

/** Removes what was given and seen up to an instant; what came later is of somebody who came back. */
export async function eraseSubjectsUntil(
  session: Session,
  subjectKeys: readonly string[],
  personIds: readonly string[],
  erasedAt: string,
): Promise<void> {
  for (const [table, at] of [
    ["assignments", "assigned_at"],
    ["exposures", "first_at"],
  ]) {
    await session.query(
      `delete from experiments.${table} where subject_key = any($1::text[]) and ${at} <= $2`,
      [subjectKeys, erasedAt],
    );
  }
  await session.query("delete from experiments.members where person_id = any($1::text[])", [
    personIds,
  ]);
}
