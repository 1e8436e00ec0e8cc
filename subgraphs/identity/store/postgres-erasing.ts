import type { Transaction } from "../../../kernel/database/database.ts";
import { mentions } from "../../../kernel/privacy/redactor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { FactSheet } from "../domain/fact.ts";
import {
  auditPerStretch,
  type AuditStretch,
  type GraphErasing,
  type GraphErasure,
  type LostTie,
  lostTiesMax,
  sheetsPerStretch,
  type TextsOfErased,
} from "./graph-erasing.ts";
import { toAuditEntry, toSheet } from "./postgres-rows.ts";

/** Forgetting, in one PostgreSQL transaction. */
export class PostgresErasing implements GraphErasing {
  readonly lastErasedAt: string | null;
  private readonly tx: Transaction;
  private readonly onErased: () => void;

  constructor(tx: Transaction, lastErasedAt: string | null, onErased: () => void) {
    this.tx = tx;
    this.onErased = onErased;
    this.lastErasedAt = lastErasedAt;
  }

  async tombstones(hashes: readonly string[]): Promise<Map<string, string>> {
    if (hashes.length === 0) return new Map();
    const rows = await this.tx.query<{ hash: string; erased_at: string }>(
      {
        name: "identity-tombstones",
        text: "select hash, erased_at from identity.tombstones where hash = any($1::text[])",
      },
      [hashes],
    );
    return new Map(rows.map(({ hash, erased_at }) => [hash, erased_at]));
  }

  async erase(erasure: GraphErasure): Promise<LostTie[]> {
    const { keys, personIds, tombstones, erasedAt } = erasure;
    this.onErased();
    const lost = await this.tx.query<{ low: string; high: string }>(
      `with gone as (
         delete from identity.evidence where low_key = any($1::text[]) or high_key = any($1::text[])
         returning low_key, high_key)
       select low_key as low, high_key as high from gone limit $2`,
      [keys, lostTiesMax],
    );
    await this.eraseDecisions(keys);
    for (const table of ["fact_sheets", "account_memberships", "identifiers"]) {
      await this.tx.query(`delete from identity.${table} where key = any($1::text[])`, [keys]);
    }
    await this.tx.query(
      "delete from identity.persons where id = any($1::text[]) or merged_into = any($1::text[])",
      [personIds],
    );
    await this.tx.query(
      `insert into identity.tombstones as t (hash, erased_at)
       select hash, $2 from unnest($1::text[]) as n(hash)
       on conflict (hash) do update set erased_at = greatest(t.erased_at, excluded.erased_at)`,
      [tombstones, erasedAt],
    );
    await this.tx.query(
      "update identity.writer set erased_at = greatest(coalesce(erased_at, ''), $1)",
      [erasedAt],
    );
    return lost;
  }

  /** A human's word about who is left stands; about nobody, or one side alone, it says nothing. */
  private async eraseDecisions(keys: readonly string[]): Promise<void> {
    const touched = await this.tx.query<{ decision_id: string }>(
      `delete from identity.decision_members where key = any($1::text[]) returning decision_id`,
      [keys],
    );
    if (touched.length === 0) return;
    const ids = [...new Set(touched.map(({ decision_id }) => decision_id))];
    await this.tx.query(
      `update identity.decisions set reason = '',
         left_keys = array(select k from unnest(left_keys) as k where k <> all($2::text[])),
         right_keys = array(select k from unnest(right_keys) as k where k <> all($2::text[]))
       where id = any($1::text[])`,
      [ids, keys],
    );
    const pointless = `id = any($1::text[]) and (cardinality(left_keys) = 0
      or kind = 'CANNOT_LINK' and cardinality(right_keys) = 0)`;
    await this.tx.query(
      `delete from identity.decision_members where decision_id in
         (select id from identity.decisions where ${pointless})`,
      [ids],
    );
    await this.tx.query(`delete from identity.decisions where ${pointless}`, [ids]);
  }

  async sheetsMentioning(
    after: string,
    parts: readonly string[],
    digits: readonly string[],
  ): Promise<{ sheets: FactSheet[]; next: string | null }> {
    const [row] = await this.tx.query<{ last: string | null; count: number }>(
      `select max(key) as last, count(*)::int as count
       from (select key from identity.fact_sheets where key > $1 order by key limit $2) as stretch`,
      [after, sheetsPerStretch],
    );
    const { last, count } = row!;
    if (last === null) return { sheets: [], next: null };
    const rows = await this.tx.query(
      `select key, source, facts from identity.fact_sheets
       where key > $3 and key <= $4 and ${mentions("facts", 1)}`,
      [parts, digits, after, last],
    );
    return { sheets: rows.map(toSheet), next: count < sheetsPerStretch ? null : last };
  }

  async removeSheets(sheets: readonly { key: string; source: string }[]): Promise<void> {
    this.onErased();
    await this.tx.query(
      `delete from identity.fact_sheets f using unnest($1::text[], $2::text[]) as n(key, source)
       where f.key = n.key and f.source = n.source`,
      [sheets.map(({ key }) => key), sheets.map(({ source }) => source)],
    );
  }

  async scrubAudit(
    { after, parts, digits }: AuditStretch,
    rewrite: (entry: AuditEntry) => AuditEntry | null,
  ): Promise<number | null> {
    const [{ last }] = (await this.tx.query<{ last: number | null }>(
      `select max(position) as last from (select position from identity.audit_entries
         where position > $1 order by position limit $2) as stretch`,
      [after, auditPerStretch],
    )) as [{ last: number | null }];
    if (last === null) return null;
    const rows = await this.tx.query<{
      position: number;
      body: string;
      reverted_by: string | null;
    }>(
      `select position, body, reverted_by from identity.audit_entries
       where position > $3 and position <= $4 and ${mentions("body", 1)}`,
      [parts, digits, after, last],
    );
    for (const row of rows) {
      const entry = rewrite(toAuditEntry(row));
      if (!entry) continue;
      await this.tx.query("update identity.audit_entries set body = $2 where position = $1", [
        row.position,
        JSON.stringify({ ...entry, revertedBy: null }),
      ]);
    }
    return last;
  }

  async scrubDecisions(
    { parts, digits }: TextsOfErased,
    rewrite: (reason: string) => string,
  ): Promise<void> {
    const rows = await this.tx.query<{ id: string; reason: string }>(
      `select id, reason from identity.decisions where ${mentions("reason", 1)}`,
      [parts, digits],
    );
    await this.tx.query(
      `update identity.decisions d set reason = n.reason
       from unnest($1::text[], $2::text[]) as n(id, reason) where d.id = n.id`,
      [rows.map(({ id }) => id), rows.map(({ reason }) => rewrite(reason))],
    );
  }
}
