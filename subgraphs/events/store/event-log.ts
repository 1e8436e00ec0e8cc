import type { AcceptedEvent, EventType } from "../../../kernel/announcements/accepted-event.ts";
import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { Violation } from "../domain/read-event.ts";

/** One event on its way to disk. `key` is `source/messageId`; `payload` is JSON as text. */
export interface EventRow {
  key: string;
  payload: string;
  /** As accepted; once written it is shared with the stream's readers and must not change. */
  event: AcceptedEvent;
  /** Set when the event waits in quarantine instead of entering the stream. */
  quarantine: QuarantineHead | null;
}

/** What is known of a quarantined event beside its payload. */
export interface QuarantineHead {
  messageId: string;
  source: string;
  type: EventType;
  /** Name of a track, page or screen. */
  event: string | null;
  contractVersion: number | null;
  receivedAt: string;
  violations: Violation[];
}

/** Enough of an event to find it in time. */
export interface EventHead {
  position: number;
  /** ISO 8601. */
  occurredAt: string;
  type: EventType;
  name: string | null;
  source: string;
}

/** Keys of the rows that were new, by where they went. One key can be in both, see `write`. */
export interface WrittenKeys {
  accepted: Set<string>;
  quarantined: Set<string>;
}

/** Where accepted events are kept: the stream `events`, and quarantine beside it. */
export interface EventLog {
  /**
   * Appends rows without quarantine to the stream, the others to quarantine; on disk when it returns.
   * Of rows with one key the first is kept, and what comes after one in quarantine without one, too: it
   * was sent again, mended; the one that waits is MENDED then. All or nothing: an error means that none was written.
   */
  write(rows: readonly EventRow[]): Promise<WrittenKeys>;
  /** The same as a part of the caller's transaction. */
  append(transaction: Transaction, rows: readonly EventRow[]): Promise<WrittenKeys>;
  /** Events by their position in the stream; those that retention removed are missing. */
  atPositions(session: Session, positions: number[]): Promise<Map<number, AcceptedEvent>>;
  /** What a timeline needs of the events at these positions. */
  headsAt(session: Session, positions: number[]): Promise<EventHead[]>;
  /** Events by key (`source/messageId`). */
  byKeys(session: Session, keys: string[]): Promise<Map<string, AcceptedEvent>>;
}
