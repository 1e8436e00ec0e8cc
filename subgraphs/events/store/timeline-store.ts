import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { TimelineFilter, TimelineKey } from "../domain/timeline.ts";

/** One event on the timeline of a subject identifier. */
export interface TimelineRow {
  subjectKey: string;
  /** ISO 8601. */
  occurredAt: string;
  position: number;
  type: string;
  name: string | null;
  source: string;
}

/** Where an event stands: in time, and in the stream. */
export interface TimelinePlace {
  at: number;
  position: number;
}

/** Which page of which person. */
export interface TimelinePageOf {
  subjectKeys: string[];
  after: TimelineKey | null;
  filter: TimelineFilter;
  limit: number;
}

/** Which events hang on which identifier, in order of their time. */
export interface TimelineStore {
  /** Adding a row twice changes nothing. */
  insert(transaction: Transaction, rows: readonly TimelineRow[]): void;
  /** Removes at most `limit` rows of events up to a position of the stream; gives how many. */
  removeUpTo(transaction: Transaction, position: number, limit: number): Promise<number>;
  /** For each list of subject keys its newest places after `after`, newest first, at most `limit`. */
  pages(
    session: Session,
    subjects: readonly string[][],
    page: Omit<TimelinePageOf, "subjectKeys">,
  ): Promise<TimelinePlace[][]>;
}
