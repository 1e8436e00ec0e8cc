import type { Statement, Transaction } from "../../../kernel/database/database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";

const auditStatement: Statement = {
  name: "identity-save-audit",
  text: `insert into identity.audit_entries (id, kind, person_id, body)
         select entry.id, entry.kind, entry.person_id, entry.body
         from unnest($1::text[], $2::text[], $3::text[], $4::text[])
           with ordinality as entry (id, kind, person_id, body, place)
         order by entry.place`,
};

/** Appends entries in order, and who else they are about. */
export async function saveAudit(tx: Transaction, audit: readonly AuditEntry[]): Promise<void> {
  if (audit.length === 0) return;
  tx.write(auditStatement, [
    audit.map((entry) => entry.id),
    audit.map((entry) => entry.kind),
    audit.map((entry) => entry.personIds[0]!),
    audit.map((entry) => JSON.stringify(entry)),
  ]);
  const others = audit.flatMap((entry) => entry.personIds.slice(1).map((id) => [id, entry.id]));
  if (others.length === 0) return;
  tx.write(
    `insert into identity.audit_others (person_id, audit_id)
     select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
    [others.map(([id]) => id), others.map(([, audit]) => audit)],
  );
}
