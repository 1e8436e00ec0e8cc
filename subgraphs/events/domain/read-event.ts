import type { AcceptedEvent, EventType } from "../../../kernel/announcements/accepted-event.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { cleanJson } from "./clean-json.ts";
import { checkEvent, nameOf } from "./check-event.ts";
import { identifiersOf } from "./event-identifiers.ts";
import { givenMessageId, readIds, type EventIds } from "./event-ids.ts";
import { occurredAt } from "./event-instant.ts";
import { limits } from "./limits.ts";
import { isRecord, mergeContext } from "./merge-context.ts";

/** What surrounds the events of one request. */
export interface Envelope {
  source: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  sentAt: unknown;
  timestamp: unknown;
  context: unknown;
  /** The type that the path says; null in a batch, where each event says its own. */
  type: EventType | null;
  /** True when no event of the request can be beyond the limit of bytes (the whole body is not). */
  isWithinEventBytes: boolean;
}

/** An event in our shape, or why it cannot be taken. Violations send it to quarantine, whole. */
export type ReadEvent =
  | { ok: true; event: AcceptedEvent; violations: Violation[] }
  | { ok: false; messageId: string | null; problems: Problem[] };

/** One breach of a contract or of what every event must meet. `path` is a JSON pointer. */
export interface Violation {
  path: string;
  rule: string;
  message: string;
}

type Fields = Record<string, unknown>;

const typesByName = new Map<string, EventType>(
  (["IDENTIFY", "TRACK", "PAGE", "SCREEN", "GROUP", "ALIAS"] as const).map((type) => [type, type]),
);

/**
 * Reads one event as a client wrote it (freshly parsed JSON; it is cleaned in place). `newMessageId`
 * is asked only when the event names none.
 */
export function readEvent(raw: unknown, envelope: Envelope, newMessageId: () => string): ReadEvent {
  if (!isRecord(raw)) return refused(null, [problem("INVALID_EVENT", "An event is an object.")]);
  const tooBig = checkSize(raw, envelope);
  if (tooBig) return refused(givenMessageId(raw), [tooBig]);
  const type = envelope.type ?? typeOf(raw);
  const ids = readIds(raw, type);
  const problems = [...ids.problems, ...checkEvent(type, raw, ids)];
  if (problems.length > 0 || type === null) return refused(ids.messageId, problems);
  const event = shape(raw, type, ids, envelope, newMessageId);
  if (event.identifiers.length === 0) return refused(ids.messageId, [nobodyNamed]);
  return { ok: true, event, violations: setOccurredAt(event, raw, envelope) };
}

const nobodyNamed = problem(
  "NOBODY_NAMED",
  "The event names nobody: give userId, anonymousId or context.externalIds (or an email or phone).",
);

function refused(messageId: string | null, problems: Problem[]): ReadEvent {
  return { ok: false, messageId, problems };
}

function checkSize(raw: Fields, envelope: Envelope): Problem | null {
  const clean = cleanJson(raw);
  if (!clean.ok) {
    const message = `The event is nested deeper than ${limits.eventDepthMax} levels.`;
    return problem("EVENT_TOO_DEEP", message);
  }
  // A character is at most 6 bytes of JSON; only when that could be too much is it counted exactly.
  const isSmall = clean.charactersAtMost * 6 <= limits.eventBytesMax;
  if (isSmall || envelope.isWithinEventBytes) return null;
  const bytes = new TextEncoder().encode(JSON.stringify(raw)).length;
  if (bytes <= limits.eventBytesMax) return null;
  const message = `The event has ${bytes} bytes; at most ${limits.eventBytesMax} are taken.`;
  return problem("EVENT_TOO_LARGE", message);
}

function typeOf(raw: Fields): EventType | null {
  return typeof raw.type === "string" ? (typesByName.get(raw.type.toUpperCase()) ?? null) : null;
}

function shape(
  raw: Fields,
  type: EventType,
  ids: EventIds,
  envelope: Envelope,
  newMessageId: () => string,
): AcceptedEvent {
  const context = mergeContext(record(envelope.context), record(raw.context));
  const contextTraits = record(context.traits);
  const ownTraits = record(raw.traits);
  const traits = type === "GROUP" ? ownTraits : { ...contextTraits, ...ownTraits };
  const receivedAt = new Date(envelope.receivedAt).toISOString();
  const { userId, anonymousId, previousId, groupId } = ids;
  return {
    messageId: ids.messageId ?? newMessageId(),
    source: envelope.source,
    type,
    name: nameOf(type, raw),
    occurredAt: receivedAt,
    receivedAt,
    identifiers: identifiersOf({ type, userId, anonymousId, previousId, traits, context }),
    userId,
    anonymousId,
    previousId,
    groupId,
    traits,
    properties: propertiesOf(type, raw),
    context,
  };
}

/** The category of a page or screen is kept among its properties, as Segment does. */
function propertiesOf(type: EventType, raw: Fields): Fields {
  const properties = record(raw.properties);
  const { category } = raw;
  if (type !== "PAGE" && type !== "SCREEN") return properties;
  if (typeof category !== "string" || properties.category !== undefined) return properties;
  return { ...properties, category };
}

/** Sets the event's time; a time that cannot be read is a violation, so that nothing is lost. */
function setOccurredAt(event: AcceptedEvent, raw: Fields, envelope: Envelope): Violation[] {
  const time = occurredAt(
    {
      originalTimestamp: raw.originalTimestamp,
      timestamp: raw.timestamp,
      sentAt: raw.sentAt ?? envelope.sentAt,
      batchTimestamp: envelope.timestamp,
    },
    envelope.receivedAt,
  );
  if ("at" in time) {
    if (time.at !== envelope.receivedAt) event.occurredAt = new Date(time.at).toISOString();
    return [];
  }
  const message = `${time.unreadable} is no instant (ISO 8601, or milliseconds since 1970).`;
  return [{ path: `/${time.unreadable}`, rule: "format", message }];
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
