import { isCalendarDay } from "../../../kernel/time/is-calendar-day.ts";

/** Instants before this are clocks that never were set (Go's zero time, 1601, …): taken as absent. */
const earliestMs = Date.UTC(1900, 0, 1);
/** JavaScript's own bound of a date. */
const latestMs = 8.64e15;
/** Below it a number counts seconds since 1970, above it milliseconds. */
const secondsBelow = 1e11;

const isoPattern =
  /^[+-]?\d{4,6}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?$/i;

/** What a sender wrote as an instant: milliseconds since 1970, absent, or not readable. */
export type GivenInstant = number | "ABSENT" | "UNREADABLE";

/**
 * Reads an instant: ISO 8601 (UTC when it names no zone), or a number of (milli)seconds since 1970.
 * Null, empty text and the zero times of unset clocks are ABSENT.
 */
export function readInstant(value: unknown): GivenInstant {
  if (value === undefined || value === null || value === "") return "ABSENT";
  const at = typeof value === "string" ? readText(value) : readNumber(value);
  if (!Number.isFinite(at) || Math.abs(at) > latestMs) return "UNREADABLE";
  return at < earliestMs ? "ABSENT" : at;
}

/** Whether an event can have happened then (milliseconds since 1970). */
export function isEventInstant(at: unknown): at is number {
  return Number.isSafeInteger(at) && (at as number) >= earliestMs && (at as number) <= latestMs;
}

function readNumber(value: unknown): number {
  if (typeof value !== "number") return Number.NaN;
  return Math.abs(value) < secondsBelow ? value * 1_000 : value;
}

function readText(value: string): number {
  const text = value.trim();
  if (text.length > 40) return Number.NaN;
  if (!isoPattern.test(text)) {
    return /^\d{9,13}(\.\d+)?$/.test(text) ? readNumber(Number(text)) : Number.NaN;
  }
  if (!isCalendarDay(text)) return Number.NaN;
  return parseIso(text.replace(" ", "T").replace(",", ".").toUpperCase());
}

function parseIso(iso: string): number {
  const isZoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(iso.slice(10));
  if (isZoned) return Date.parse(iso.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Date.parse(iso.includes("T") ? `${iso}Z` : `${iso}T00:00:00Z`);
}

/** The instants an event carries. `batchTimestamp` is the one of the envelope, used last. */
export interface GivenInstants {
  originalTimestamp: unknown;
  timestamp: unknown;
  sentAt: unknown;
  batchTimestamp: unknown;
}

/**
 * When it happened, in milliseconds since 1970, or the field that cannot be read.
 *
 * Segment's SDKs send the client's clock as `timestamp`; RudderStack's send it as `originalTimestamp`
 * and keep `timestamp` for a time the caller chose (an import), which is not corrected. So:
 * 1. both given, and not the same: `timestamp` as it is; 2. one given (or both alike), and a readable
 * `sentAt`: corrected by `receivedAt - (sentAt - given)`; 3. one given: as it is; 4. the envelope's
 * `timestamp`, corrected alike; 5. `receivedAt`. Nothing happens after it was received: later instants
 * become `receivedAt`.
 */
export function occurredAt(
  given: GivenInstants,
  receivedAt: number,
): { at: number } | { unreadable: "timestamp" | "originalTimestamp" } {
  const original = readInstant(given.originalTimestamp);
  const chosen = readInstant(given.timestamp);
  if (chosen === "UNREADABLE") return { unreadable: "timestamp" };
  if (original === "UNREADABLE") return { unreadable: "originalTimestamp" };
  const isChosen = chosen !== "ABSENT" && original !== "ABSENT" && chosen !== original;
  if (isChosen) return { at: Math.min(chosen, receivedAt) };
  const own = original === "ABSENT" ? chosen : original;
  const client = own === "ABSENT" ? readInstant(given.batchTimestamp) : own;
  if (typeof client !== "number") return { at: receivedAt };
  return { at: Math.min(corrected(client, readInstant(given.sentAt), receivedAt), receivedAt) };
}

function corrected(client: number, sentAt: GivenInstant, receivedAt: number): number {
  if (typeof sentAt !== "number") return client;
  const at = receivedAt - (sentAt - client);
  return at < earliestMs ? client : at;
}
