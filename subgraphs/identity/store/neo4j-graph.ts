import { int } from "neo4j-driver";
import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { NewStreamEntry } from "../../../kernel/streams/stream.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { SourceRecord } from "../domain/records/source-record.ts";
import { type ReviewNote, saysSomething } from "../domain/review-note.ts";
import type { GraphChanges, GraphComponent, GraphExcerpt, GraphRequest } from "./graph-rows.ts";
import type { AuditListing, Page } from "./identity-reader.ts";
import type { GraphErasing } from "./graph-erasing.ts";
import { type GraphCache, SeenRows } from "./graph-cache.ts";
import { loadExcerpt } from "./load-excerpt.ts";
import { type Announcement, leaveAnnouncements, reviewNoteKind } from "./neo4j-announcements.ts";
import { identifiersOfPersons, loadComponents } from "./neo4j-components.ts";
import { listAudit } from "./neo4j-listings.ts";
import { Neo4jExcerptReader } from "./neo4j-excerpt.ts";
import type { LateTransaction } from "./neo4j-late-transaction.ts";
import { Recall } from "./neo4j-recall.ts";
import { Neo4jErasing } from "./neo4j-erasing.ts";
import * as rows from "./neo4j-rows.ts";
import { saveChanges } from "./neo4j-save.ts";
import type { WriterCounts } from "./neo4j-turn.ts";
import type { PolicyStanding } from "./policy-follower.ts";
import type { Records } from "./records.ts";
import type { UnitGraph } from "./units.ts";

/** What a unit of work is done in. */
interface UnitParts {
  tx: LateTransaction;
  /** The same, before its turn too, for what `memory` completes. */
  early: GraphTransaction;
  counts: WriterCounts;
  records: Records;
  memory: GraphCache;
}

/** The graph in one unit of work on Neo4j. */
export class Neo4jGraph implements UnitGraph {
  readonly erasing: GraphErasing;
  private readonly tx: LateTransaction;
  private readonly counts: WriterCounts;
  private readonly records: Records;
  private readonly memory: GraphCache;
  private readonly excerpts: Neo4jExcerptReader;
  private readonly recall = new Recall();
  /** What was announced so far, for whoever copies it after the commit. */
  readonly announced: Announcement[] = [];
  readonly seen = new SeenRows();
  mustBeRead = false;

  constructor({ tx, early, counts, records, memory }: UnitParts) {
    this.tx = tx;
    this.records = records;
    this.counts = counts;
    this.memory = memory;
    this.excerpts = new Neo4jExcerptReader(early, tx);
    this.erasing = new Neo4jErasing(tx, counts, () => (this.mustBeRead = true));
  }

  async load(request: GraphRequest): Promise<GraphExcerpt> {
    const excerpt = await loadExcerpt(this.excerpts, this.memory, this.seen, request);
    this.recall.learn(request, excerpt);
    return excerpt;
  }

  loadComponents(seedKeys: readonly string[], edgesMax: number): Promise<GraphComponent | null> {
    return loadComponents(this.tx, seedKeys, edgesMax);
  }

  identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]> {
    return identifiersOfPersons(this.tx, personIds);
  }

  async resolvePersonIds(personIds: readonly string[]): Promise<Map<string, string>> {
    if (personIds.length === 0) return new Map();
    const found = await this.tx.run<{ id: string; now: string }>(
      `UNWIND $personIds AS id
       MATCH (person:Person {id: id})
       OPTIONAL MATCH (person)-[:MERGED_INTO]->(survivor:Person)
       RETURN id, coalesce(survivor.id, id) AS now`,
      { personIds },
    );
    return new Map(found.map(({ id, now }) => [id, now]));
  }

  async save(changes: GraphChanges): Promise<void> {
    const firstAudit = this.counts.audited + 1;
    this.counts.audited += changes.audit.length;
    saveChanges(this.tx, changes, this.recall, firstAudit);
    const { turn } = this.tx;
    if (turn.isWaiting && this.memory.isApart(changes)) turn.hurry();
    this.seen.note(changes);
  }

  async saveDecision(decision: Decision): Promise<void> {
    this.tx.write(
      `CREATE (decision:Decision {inForce: true}) SET decision += $decision
       WITH decision
       UNWIND $members AS member
       MATCH (identifier:Identifier {key: member.key})
       CREATE (decision)-[:DECIDES {side: member.side}]->(identifier)`,
      {
        decision: { ...decision },
        members: [
          ...decision.left.map((key) => ({ key, side: "LEFT" })),
          ...decision.right.map((key) => ({ key, side: "RIGHT" })),
        ],
      },
    );
  }

  async setDecisionInForce(decisionId: string, inForce: boolean): Promise<Decision | null> {
    const [row] = await this.tx.run(
      `MATCH (decision:Decision {id: $decisionId}) SET decision.inForce = $inForce
       RETURN decision {${rows.decisionFields}} AS decision`,
      { decisionId, inForce },
    );
    return row ? rows.toDecision(row.decision) : null;
  }

  async auditEntry(id: string): Promise<AuditEntry | null> {
    const [row] = await this.tx.run(
      `MATCH (entry:AuditEntry {id: $id})
       RETURN entry.body AS body, entry.revertedBy AS revertedBy`,
      { id },
    );
    return row ? rows.toAuditEntry(row.body, row.revertedBy) : null;
  }

  listAudit(listing: AuditListing, page: Page): Promise<{ entry: AuditEntry; sortKey: string }[]> {
    return listAudit(this.tx, listing, page);
  }

  async markReverted(auditId: string, byId: string): Promise<void> {
    this.tx.write("MATCH (entry:AuditEntry {id: $auditId}) SET entry.revertedBy = $byId", {
      auditId,
      byId,
    });
  }

  async usePolicy({ version, activation }: PolicyStanding): Promise<void> {
    this.mustBeRead = true;
    this.tx.write(
      `MATCH (writer:GraphWriter {name: 'identity'})
       WHERE coalesce(writer.policyActivation, 0) < $activation
       SET writer.policyVersion = $version, writer.policyActivation = $activation`,
      { version: int(version), activation: int(activation) },
    );
  }

  async keepRecords(records: readonly SourceRecord[], kept: () => void): Promise<void> {
    await this.records.put(records);
    kept();
  }

  /** Goes the way of the announcements, so that it is applied once and in order. */
  async noteForReview(note: ReviewNote): Promise<void> {
    if (saysSomething(note)) {
      await this.announce([{ kind: reviewNoteKind, key: "", payload: note }]);
    }
  }

  async announce(entries: readonly NewStreamEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const first = this.counts.announced + 1;
    this.counts.announced += entries.length;
    this.announced.push(...entries.map((entry, place) => ({ ...entry, position: first + place })));
    leaveAnnouncements(this.tx, entries, first);
  }
}
