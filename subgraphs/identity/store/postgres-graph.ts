import type { Transaction } from "../../../kernel/database/database.ts";
import type { NewStreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { GraphChanges, GraphComponent, GraphExcerpt, GraphRequest } from "./graph-rows.ts";
import type { IdentityGraph } from "./identity-store.ts";
import { identifiersByKey } from "./postgres-identifiers.ts";
import { loadComponents } from "./postgres-components.ts";
import * as rows from "./postgres-rows.ts";
import { saveChanges } from "./postgres-save.ts";

/** The graph in one PostgreSQL transaction. */
export class PostgresGraph implements IdentityGraph {
  private readonly tx: Transaction;
  private readonly streams: Streams;

  constructor(tx: Transaction, streams: Streams) {
    this.tx = tx;
    this.streams = streams;
  }

  async load(request: GraphRequest): Promise<GraphExcerpt> {
    const { identifierKeys, evidence, sheets, groupIds } = request;
    return {
      identifiers: await identifiersByKey(this.tx, identifierKeys),
      persons: await this.personsOfKeys(identifierKeys),
      evidence: await this.evidence(evidence),
      sheets: await this.sheets(sheets),
      accounts: await this.accounts(groupIds),
    };
  }

  loadComponents(seedKeys: readonly string[], edgesMax: number): Promise<GraphComponent | null> {
    return loadComponents(this.tx, seedKeys, edgesMax);
  }

  async identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]> {
    if (personIds.length === 0) return [];
    const found = await this.tx.query(
      {
        name: "identity-identifiers-of-persons",
        text: `select ${rows.identifierColumns} from identity.identifiers i
               where i.person_id = any($1::text[])`,
      },
      [personIds],
    );
    return found.map(rows.toIdentifier);
  }

  async resolvePersonIds(personIds: readonly string[]): Promise<Map<string, string>> {
    const found = await this.tx.query<{ id: string; now: string }>(
      "select id, coalesce(merged_into, id) as now from identity.persons where id = any($1::text[])",
      [personIds],
    );
    return new Map(found.map(({ id, now }) => [id, now]));
  }

  save(changes: GraphChanges): Promise<void> {
    return saveChanges(this.tx, changes);
  }

  async saveDecision(decision: Decision): Promise<void> {
    const { id, kind, left, right, madeAt, actor, reason } = decision;
    await this.tx.query(
      `insert into identity.decisions
         (id, kind, left_keys, right_keys, made_at, actor, reason, in_force)
       values ($1, $2, $3::text[], $4::text[], $5, $6, $7, true)`,
      [id, kind, left, right, madeAt, actor, reason],
    );
    await this.tx.query(
      `insert into identity.decision_members (key, decision_id)
       select key, $1 from unnest($2::text[]) as key on conflict do nothing`,
      [id, [...left, ...right]],
    );
  }

  async setDecisionInForce(decisionId: string, inForce: boolean): Promise<Decision | null> {
    const [row] = await this.tx.query(
      `update identity.decisions d set in_force = $2 where d.id = $1
       returning ${rows.decisionColumns}`,
      [decisionId, inForce],
    );
    return row ? rows.toDecision(row) : null;
  }

  async auditEntry(id: string): Promise<AuditEntry | null> {
    const [row] = await this.tx.query(
      "select body, reverted_by from identity.audit_entries where id = $1",
      [id],
    );
    return row ? rows.toAuditEntry(row) : null;
  }

  async markReverted(auditId: string, byId: string): Promise<void> {
    await this.tx.query("update identity.audit_entries set reverted_by = $2 where id = $1", [
      auditId,
      byId,
    ]);
  }

  announce(entries: readonly NewStreamEntry[]): Promise<void> {
    return this.streams.append(this.tx, "identity", entries);
  }

  private async personsOfKeys(keys: readonly string[]) {
    if (keys.length === 0) return [];
    const found = await this.tx.query(
      {
        name: "identity-persons-of-keys",
        text: `select ${rows.personColumns} from identity.persons p where p.id = any(array(
                 select i.person_id from identity.identifiers i where i.key = any($1::text[])))`,
      },
      [keys],
    );
    return found.map(rows.toPerson);
  }

  private async evidence(pairs: GraphRequest["evidence"]) {
    if (pairs.length === 0) return [];
    const found = await this.tx.query(
      {
        name: "identity-evidence",
        text: `select ${rows.evidenceColumns}
               from unnest($1::text[], $2::text[], $3::text[]) as pair (low, high, rule)
               join identity.evidence e
                 on e.low_key = pair.low and e.high_key = pair.high and e.rule = pair.rule`,
      },
      [pairs.map(({ low }) => low), pairs.map(({ high }) => high), pairs.map(({ rule }) => rule)],
    );
    return found.map(rows.toEvidence);
  }

  private async sheets(slots: GraphRequest["sheets"]) {
    if (slots.length === 0) return [];
    const found = await this.tx.query(
      {
        name: "identity-sheets",
        text: `select f.key, f.source, f.facts
               from unnest($1::text[], $2::text[]) as slot (key, source)
               join identity.fact_sheets f on f.key = slot.key and f.source = slot.source`,
      },
      [slots.map(({ key }) => key), slots.map(({ source }) => source)],
    );
    return found.map(rows.toSheet);
  }

  private async accounts(groupIds: readonly string[]) {
    if (groupIds.length === 0) return [];
    const found = await this.tx.query(
      `select ${rows.accountColumns} from identity.accounts a where a.group_id = any($1::text[])`,
      [groupIds],
    );
    return found.map(rows.toAccount);
  }
}
