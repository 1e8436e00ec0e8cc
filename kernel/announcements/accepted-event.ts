/** What a source calls someone: the namespace and the value as the source wrote it. */
export interface RawIdentifier {
  namespace: string;
  value: string;
}

export const eventTypes = ["IDENTIFY", "TRACK", "PAGE", "SCREEN", "GROUP", "ALIAS"] as const;
export type EventType = (typeof eventTypes)[number];

/**
 * Stream `events`, kind `ACCEPTED`, key `source/messageId`: one event as accepted, in one shape
 * whatever API or SDK it came through. Instants are ISO 8601 in UTC with milliseconds.
 */
export interface AcceptedEvent {
  messageId: string;
  source: string;
  type: EventType;
  /** Event name of a track, name of a page or screen, else null. */
  name: string | null;
  /** Event time, corrected for the sender's clock. */
  occurredAt: string;
  receivedAt: string;
  /**
   * Whom it names, in the order user_id, anonymous_id, previous ids, external ids, then those found in
   * traits, device and session. Not normalised; at least one.
   */
  identifiers: RawIdentifier[];
  userId: string | null;
  anonymousId: string | null;
  previousId: string | null;
  groupId: string | null;
  /** Of an identify or group call, or `context.traits`. */
  traits: Record<string, unknown>;
  properties: Record<string, unknown>;
  context: Record<string, unknown>;
}

/** What an event is called where it stands as a cause: its name, or its type when it has none. */
export function calledEvent({ name, type }: Pick<AcceptedEvent, "name" | "type">): string {
  return name ?? type.toLowerCase();
}
