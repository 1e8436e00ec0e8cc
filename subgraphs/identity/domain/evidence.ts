import type { Identifier } from "./normalise-identifier.ts";

export type EvidenceMethod = "DETERMINISTIC" | "PROBABILISTIC" | "HUMAN";

/**
 * `alias` says that two ids of one namespace are one, `record_match` that a model finds two records
 * alike; the other rules only that two were seen together, in an event or in a record.
 */
export const evidenceRules = {
  seenTogether: "same_event",
  alias: "alias",
  sameRecord: "same_record",
  recordMatch: "record_match",
} as const;

/** One observed tie between two identifiers. Times are event times, ISO 8601 in UTC. */
export interface Evidence {
  /** The lesser of the two keys; `high` is the other one. */
  low: string;
  high: string;
  rule: string;
  method: EvidenceMethod;
  /** 0 to 1. */
  confidence: number;
  firstSeenAt: string;
  lastSeenAt: string;
  /** Observations, each counted once. */
  count: number;
  /** Distinct source names, ascending, at most `evidenceSourcesMax`. */
  sources: readonly string[];
  /** The earliest observations, at most `evidenceMessagesMax`. */
  messages: readonly EvidenceMessage[];
  /** Highest position of stream `events` that is counted in; a position up to it is a replay. */
  lastPosition: number;
}

export interface EvidenceMessage {
  at: string;
  messageId: string;
}

export const evidenceSourcesMax = 20;
export const evidenceMessagesMax = 5;

export function evidenceKey(evidence: { low: string; high: string; rule: string }): string {
  return `${evidence.low}\u0001${evidence.high}\u0001${evidence.rule}`;
}

/** Compares texts by UTF-16 code units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function pairOf(a: Identifier, b: Identifier): { low: string; high: string } {
  return a.key < b.key ? { low: a.key, high: b.key } : { low: b.key, high: a.key };
}

/**
 * The same tie, seen again. Commutative and associative over distinct observations, so that arrival
 * order makes no difference; what was counted before must be kept away by its position.
 */
export function combineEvidence(known: Evidence, more: Evidence): Evidence {
  return {
    ...known,
    confidence: Math.max(known.confidence, more.confidence),
    firstSeenAt: known.firstSeenAt < more.firstSeenAt ? known.firstSeenAt : more.firstSeenAt,
    lastSeenAt: known.lastSeenAt > more.lastSeenAt ? known.lastSeenAt : more.lastSeenAt,
    count: countOf(known, more),
    sources: unionOf(known.sources, more.sources, evidenceSourcesMax),
    messages: earliestOf(known.messages, more.messages),
    lastPosition: Math.max(known.lastPosition, more.lastPosition),
  };
}

/** A record says a thing once, however often it is put. */
function countOf(known: Evidence, more: Evidence): number {
  const sum = known.count + more.count;
  return known.rule === evidenceRules.sameRecord ? Math.min(1, sum) : sum;
}

export function unionOf(
  a: readonly string[],
  b: readonly string[],
  most: number,
): readonly string[] {
  if (b.every((name) => a.includes(name))) return a;
  return [...new Set([...a, ...b])].sort(compareText).slice(0, most);
}

function earliestOf(a: readonly EvidenceMessage[], b: readonly EvidenceMessage[]) {
  const last = a.at(-1);
  if (
    a.length >= evidenceMessagesMax &&
    last &&
    b.every((message) => compare(message, last) >= 0)
  ) {
    return a;
  }
  const byId = new Map(
    [...a, ...b].map((message) => [`${message.at} ${message.messageId}`, message]),
  );
  return [...byId.values()].sort(compare).slice(0, evidenceMessagesMax);
}

function compare(a: EvidenceMessage, b: EvidenceMessage): number {
  return compareText(a.at, b.at) || compareText(a.messageId, b.messageId);
}
