import type { Session } from "../../../kernel/database/database.ts";
import type { AuditListing, Page, PersonListing, PersonRow } from "./identity-reader.ts";
import { toAuditEntry, toPersonRow } from "./postgres-rows.ts";

/** Conditions joined by `and`, with their values numbered. */
class Conditions {
  readonly values: unknown[] = [];
  private readonly texts: string[] = ["true"];

  /** `text` has `?` for the value; passed over when the value is null. */
  add(text: string, value: unknown): this {
    if (value === null) return this;
    this.values.push(value);
    this.texts.push(text.replaceAll("?", `$${this.values.length}`));
    return this;
  }

  limit(rows: number): string {
    this.values.push(rows);
    return `where ${this.texts.join(" and ")}`;
  }
}

/** Persons by id, ascending. */
export async function listPersons(
  session: Session,
  listing: PersonListing,
  page: Page,
): Promise<PersonRow[]> {
  const conditions = new Conditions()
    .add("p.id > ?", page.after)
    .add("p.created_at >= ?", listing.createdFrom)
    .add("p.created_at < ?", listing.createdBefore)
    .add(
      `p.id = any(array(
         select i.person_id from identity.identifiers i where i.key = any(?::text[])))`,
      listing.identifierKeys,
    )
    .add(
      `exists (select 1 from identity.identifiers i
               where i.person_id = p.id and i.seen and i.namespace = ?)`,
      listing.namespace,
    );
  const where = conditions.limit(page.limit);
  const found = await session.query(
    `select p.id, p.created_at, p.record from identity.persons p
     ${where} and p.merged_into is null order by p.id limit $${conditions.values.length}`,
    conditions.values,
  );
  return found.map(toPersonRow);
}

/** Audit entries, newest first. */
export async function listAudit(session: Session, listing: AuditListing, page: Page) {
  const conditions = new Conditions()
    .add("a.position < ?::bigint", page.after)
    .add("a.kind = any(?::text[])", listing.kinds)
    .add(
      `(a.id = any(array(select id from identity.audit_entries where person_id = ?
          union all select audit_id from identity.audit_others where person_id = ?)))`,
      listing.personId,
    );
  const where = conditions.limit(page.limit);
  const found = await session.query(
    `select a.position, a.body, a.reverted_by from identity.audit_entries a
     ${where} order by a.position desc limit $${conditions.values.length}`,
    conditions.values,
  );
  return found.map((row) => ({ entry: toAuditEntry(row), sortKey: String(row.position) }));
}
