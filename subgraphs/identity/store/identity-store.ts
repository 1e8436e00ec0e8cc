import type { TransactionOptions } from "../../../kernel/database/database.ts";
import type { NewStreamEntry, StreamEntry } from "../../../kernel/streams/stream.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { SourceRecord } from "../domain/records/source-record.ts";
import type { ReviewNote } from "../domain/review-note.ts";
import type { GraphErasing } from "./graph-erasing.ts";
import type { CensusTaker } from "./graph-census.ts";
import type { GraphChanges, GraphComponent, GraphExcerpt, GraphRequest } from "./graph-rows.ts";
import type { AuditListing, IdentityReader, Page } from "./identity-reader.ts";
import type { GraphScan } from "./graph-scan.ts";
import type { PolicyStanding } from "./policy-follower.ts";

/**
 * Where the identity graph is kept. Adapters: PostgreSQL/PGlite, Neo4j;
 * `test/identity/store-contract.ts` holds for each. All methods work in sets: a handful of
 * statements for hundreds of rows.
 */
export interface IdentityStore {
  /**
   * Runs `work` in one transaction, alone: no other writer of the graph, in this or another
   * process, runs meanwhile. All or nothing: graph, audit entries and announcements. Conflicts of
   * the engine are retried, so `work` may run more than once and must not have effects of its own.
   */
  write<T>(work: (graph: IdentityGraph) => Promise<T>, options?: TransactionOptions): Promise<T>;

  /**
   * Hands over the accepted events in order, each batch once: cursor, graph and announcements are
   * one transaction (as `write`). Runs until stopped; a failing batch is retried, a poisonous entry
   * parked.
   */
  consumeEvents(
    handle: (graph: IdentityGraph, entries: StreamEntry[]) => Promise<void>,
  ): EventsConsumer;

  readonly reader: IdentityReader;

  /** The graph in numbers. */
  readonly census: CensusTaker;

  readonly scan: GraphScan;

  /** Which policy is in force in the graph. */
  policyStanding(): Promise<PolicyStanding>;
}

export interface EventsConsumer {
  /** Ends after the batch at work. */
  stop(): Promise<void>;
}

/** The graph inside one unit of work. */
export interface IdentityGraph {
  /** What forgets, and what keeps the forgotten away. */
  readonly erasing: GraphErasing;

  load(request: GraphRequest): Promise<GraphExcerpt>;

  /**
   * The components of the seeds, along all evidence and along decisions (members of one decision
   * are of one component), but not through generic identifiers: a generic seed brings its
   * neighbours' components. Null when they hold more than `edgesMax` edges.
   */
  loadComponents(seedKeys: readonly string[], edgesMax: number): Promise<GraphComponent | null>;

  /** All identifiers of the persons; unknown and redirected ids have none. */
  identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]>;

  /** Living persons by id; a redirected id answers with its survivor, an unknown one not at all. */
  resolvePersonIds(personIds: readonly string[]): Promise<Map<string, string>>;

  save(changes: GraphChanges): Promise<void>;

  saveDecision(decision: Decision): Promise<void>;
  /** Withdraws a decision or puts it in force again. Null when there is none of that id. */
  setDecisionInForce(decisionId: string, inForce: boolean): Promise<Decision | null>;
  auditEntry(id: string): Promise<AuditEntry | null>;
  /** As `IdentityReader.listAudit`, with what this unit of work sees. */
  listAudit(listing: AuditListing, page: Page): Promise<{ entry: AuditEntry; sortKey: string }[]>;
  markReverted(auditId: string, byId: string): Promise<void>;

  /**
   * Puts a policy in force from the next unit of work on, in all processes; an activation that is
   * not later than the present one changes nothing.
   */
  usePolicy(standing: PolicyStanding): Promise<void>;

  /**
   * Keeps records that came with events, and says when they are on disk: with this unit of work, or,
   * where the graph has an engine of its own, before it. Kept again they change nothing.
   */
  keepRecords(records: readonly SourceRecord[], kept: () => void): Promise<void>;

  /** Tells the review queue what this unit of work means to it; done once, when it commits. */
  noteForReview(note: ReviewNote): Promise<void>;

  /** Appends to stream `identity`, in order; the last call of a unit of work. */
  announce(entries: readonly NewStreamEntry[]): Promise<void>;
}
