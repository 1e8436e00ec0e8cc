import type { Transaction } from "../../../kernel/database/database.ts";

/** Kind of the row among the standings that sends a decision to the rarer facts. */
export const seeAlsoKind = "SEE_ALSO";

/** Says of the subjects that there is more to know than what stands. */
export function markSeeAlso(transaction: Transaction, subjectKeys: readonly string[]): void {
  if (subjectKeys.length === 0) return;
  const text = `
    insert into consent.standings (subject_key, purpose_key, channel, kind, by_operator, stated_at,
      held_at)
    select distinct key, '', '', '${seeAlsoKind}', false, now(), now()
    from unnest($1::text[]) as n(key) on conflict do nothing`;
  transaction.write({ name: "consent-see-also", text }, [subjectKeys]);
}
