/**
 * A change stream: an append-only table, ordered by commit, kept until its retention ends.
 * There are five. For a GraphQL cursor see `cursorOf`.
 */
export const streamNames = ["events", "identity", "consent", "memberships", "deliveries"] as const;

export type StreamName = (typeof streamNames)[number];

export interface StreamEntry {
  /** Ascending in order of commit, with gaps; safe to read past. */
  position: number;
  /** When it was appended. */
  at: Date;
  /** What it is about: a person id, a message id, … */
  key: string;
  /** Which announcement the payload is (`announcements/`). */
  kind: string;
  /** Parsed JSON. */
  payload: unknown;
}

export interface NewStreamEntry {
  key: string;
  kind: string;
  payload: unknown;
}
