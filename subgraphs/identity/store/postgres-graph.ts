import type { Transaction } from "../../../kernel/database/database.ts";
import type { NewStreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { SourceRecord } from "../domain/records/source-record.ts";
import { type ReviewNote, saysSomething } from "../domain/review-note.ts";
import type { GraphChanges, GraphComponent, GraphExcerpt, GraphRequest } from "./graph-rows.ts";
import type { AuditListing, Page } from "./identity-reader.ts";
import { type GraphCache, SeenRows } from "./graph-cache.ts";
import type { GraphErasing } from "./graph-erasing.ts";
import { loadExcerpt } from "./load-excerpt.ts";
import { loadComponents } from "./postgres-components.ts";
import { PostgresErasing } from "./postgres-erasing.ts";
import { PostgresExcerptReader } from "./postgres-excerpt.ts";
import { identifiersOfPersons } from "./postgres-identifiers.ts";
import { listAudit } from "./postgres-listings.ts";
import type { PolicyStanding } from "./policy-follower.ts";
import * as rows from "./postgres-rows.ts";
import { saveChanges } from "./postgres-save.ts";
import { applyReviewNote } from "./review-notes.ts";
import { saveSightings } from "./postgres-touch.ts";
import { Records } from "./records.ts";
import type { UnitGraph } from "./units.ts";

/** What a unit of work is done in. */
interface UnitParts {
  tx: Transaction;
  /** The same, before its turn too, for what `memory` completes. */
  early: Transaction;
  streams: Streams;
  memory: GraphCache;
  /** When somebody was erased for the last time. */
  lastErasedAt: string | null;
}

/** The graph in one PostgreSQL transaction. */
export class PostgresGraph implements UnitGraph {
  readonly erasing: GraphErasing;
  readonly seen = new SeenRows();
  mustBeRead = false;
  private readonly tx: Transaction;
  private readonly streams: Streams;
  private readonly memory: GraphCache;
  private readonly excerpts: PostgresExcerptReader;

  constructor({ tx, early, streams, memory, lastErasedAt }: UnitParts) {
    this.tx = tx;
    this.streams = streams;
    this.memory = memory;
    this.excerpts = new PostgresExcerptReader(early, tx);
    this.erasing = new PostgresErasing(tx, lastErasedAt, () => this.forgetCommitted());
  }

  load(request: GraphRequest): Promise<GraphExcerpt> {
    return loadExcerpt(this.excerpts, this.memory, this.seen, request);
  }

  loadComponents(seedKeys: readonly string[], edgesMax: number): Promise<GraphComponent | null> {
    return loadComponents(this.tx, seedKeys, edgesMax);
  }

  identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]> {
    return identifiersOfPersons(this.tx, personIds);
  }

  async resolvePersonIds(personIds: readonly string[]): Promise<Map<string, string>> {
    const found = await this.tx.query<{ id: string; now: string }>(
      `select id, coalesce(merged_into, id) as now from identity.persons
       where id = any($1::text[])`,
      [personIds],
    );
    return new Map(found.map(({ id, now }) => [id, now]));
  }

  async save(changes: GraphChanges): Promise<void> {
    await saveChanges(this.tx, await saveSightings(this.tx, changes, this.seen));
    this.seen.note(changes);
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

  listAudit(listing: AuditListing, page: Page): Promise<{ entry: AuditEntry; sortKey: string }[]> {
    return listAudit(this.tx, listing, page);
  }

  async markReverted(auditId: string, byId: string): Promise<void> {
    await this.tx.query("update identity.audit_entries set reverted_by = $2 where id = $1", [
      auditId,
      byId,
    ]);
  }

  async usePolicy({ version, activation }: PolicyStanding): Promise<void> {
    this.mustBeRead = true;
    await this.tx.query(
      `update identity.writer set policy_version = $1, policy_activation = $2
       where policy_activation < $2`,
      [version, activation],
    );
  }

  async keepRecords(records: readonly SourceRecord[], kept: () => void): Promise<void> {
    await new Records(this.tx).put(records);
    this.tx.afterCommit(kept);
  }

  async noteForReview(note: ReviewNote): Promise<void> {
    if (saysSomething(note)) await applyReviewNote(this.tx, note);
  }

  announce(entries: readonly NewStreamEntry[]): Promise<void> {
    return this.streams.append(this.tx, "identity", entries);
  }

  /** Rows are removed. */
  private forgetCommitted(): void {
    this.mustBeRead = true;
    this.tx.afterCommit(() => this.memory.forget());
  }
}
