import type { Session, Transaction } from "../../../kernel/database/database.ts";

/** What this subgraph keeps of a person. */
export interface PersonRow {
  personId: string;
  traits: Record<string, unknown>;
  /** The identity change that last shaped the person. */
  identityChangeId: string | null;
}

/** One event as a fact on an identifier. `properties` is JSON. */
export interface EventFactRow {
  subjectKey: string;
  factName: string;
  atMs: number;
  position: number;
  properties: string;
}

/** A question for the events of one name on one identifier. */
export interface HistoryRequest {
  subjectKey: string;
  factName: string;
  /** Only events after this instant. */
  sinceMs: number;
  /** What counts as past. */
  asOfMs: number;
  /** Only past events before this place, newest first; null: from `asOfMs` on. */
  before: { atMs: number; position: number } | null;
  /** At most so many past events. */
  newest: number;
  /** At most so many future events (after `asOfMs`), soonest first; 0: none. */
  soonest: number;
  /** Whether the properties are wanted. */
  hasFilter: boolean;
}

export interface FoundFact {
  /** Index into the requests. */
  request: number;
  atMs: number;
  position: number;
  /** JSON; null when not asked for. */
  properties: string | null;
}

/** The projections that rules are evaluated on: who exists, their traits, their events. */
export interface ProjectionStore {
  persons(session: Session, personIds: readonly string[]): Promise<Map<string, PersonRow>>;
  /** A page of all persons in order of id, after one. */
  personsAfter(session: Session, after: string, limit: number): Promise<PersonRow[]>;
  savePersons(transaction: Transaction, persons: readonly PersonRow[]): void;
  removePersons(transaction: Transaction, personIds: readonly string[]): void;

  /** Adds facts; those already there change nothing. */
  addFacts(transaction: Transaction, facts: readonly EventFactRow[]): void;
  /** Which of these identifiers have any event. */
  keysWithFacts(session: Session, subjectKeys: readonly string[]): Promise<Set<string>>;
  removeFacts(transaction: Transaction, subjectKeys: readonly string[]): void;
  /** Past and future facts in no order that callers may rely on. */
  histories(session: Session, requests: readonly HistoryRequest[]): Promise<FoundFact[]>;
}
