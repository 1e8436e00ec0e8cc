import type { Database } from "../../../kernel/database/database.ts";

/**
 * Tables that forget in other ways: the graph in its own unit of work, the audit log entry by entry.
 * Somebody who came back meanwhile stands in them again, and must not be touched.
 */
export const sweptElsewhere: readonly string[] = [
  "persons",
  "identifiers",
  "evidence",
  "fact_sheets",
  "account_memberships",
  "decision_members",
  "audit_entries",
  "audit_others",
  "writer",
  "secrets",
  "tombstones",
  "erasures",
  "graph_relays",
];

/** Removes records, their pairs and review items of identifiers that are no more. */
export async function eraseOwnTables(database: Database, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await database.query(
    `delete from identity.review_items
     where low_key = any($1::text[]) or high_key = any($1::text[])`,
    [keys],
  );
  await database.query(
    `with gone as (
       delete from identity.records where 'record:' || name = any($1::text[]) returning id),
     keys as (delete from identity.record_keys k using gone where k.record_id = gone.id)
     delete from identity.record_pairs p using gone where gone.id in (p.left_id, p.right_id)`,
    [keys],
  );
}
