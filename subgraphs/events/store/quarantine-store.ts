import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { QuarantinedEvent, QuarantineFilter, QuarantineState } from "../domain/quarantine.ts";
import type { Violation } from "../domain/read-event.ts";

/** Where violating events wait. */
export interface QuarantineStore {
  /** Newest first, before a place; at most `limit`. */
  page(
    session: Session,
    filter: QuarantineFilter,
    before: number | null,
    limit: number,
  ): Promise<QuarantinedEvent[]>;
  count(session: Session, filter: QuarantineFilter): Promise<number>;
  /** Waiting ones, oldest first, locked until the transaction ends. */
  takeWaiting(
    transaction: Transaction,
    filter: QuarantineFilter,
    limit: number,
  ): Promise<QuarantinedEvent[]>;
  settle(
    transaction: Transaction,
    places: readonly number[],
    state: QuarantineState,
    reason: string | null,
    at: Date,
  ): Promise<void>;
  /** New reasons for events that still wait. */
  setViolations(
    transaction: Transaction,
    entries: readonly { place: number; violations: Violation[] }[],
  ): Promise<void>;
}
