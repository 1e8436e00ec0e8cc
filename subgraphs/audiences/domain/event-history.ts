import type { EventLeaf } from "./compiled-rule.ts";
import { valuesAt } from "./property-path.ts";
import { meetsCondition } from "./value-condition.ts";

/** One event as far as rules need it. */
export interface EventFact {
  atMs: number;
  /** Its place in stream `events`: which event it is. */
  position: number;
  properties: unknown;
}

/**
 * What is known of a person's events of one name: the newest before now as many as can matter, and
 * those dated in the future up to `knownUntilMs` (Infinity: all of them). Any order.
 */
export interface EventHistory {
  facts: readonly EventFact[];
  knownUntilMs: number;
}

/**
 * An answer and the earliest instant at which it may be another one with no new fact; null: never.
 */
export interface Verdict {
  holds: boolean;
  changesAtMs: number | null;
}

export function matchesLeaf(fact: EventFact, leaf: EventLeaf): boolean {
  return leaf.where.every((where) =>
    meetsCondition(valuesAt(fact.properties, where.property), where.is),
  );
}

/** How many of the newest matching past events decide the leaf; older ones cannot change it. */
export function factsThatMatter(leaf: EventLeaf): number {
  return Math.max(leaf.atLeast, Number.isFinite(leaf.atMost) ? leaf.atMost + 1 : 0);
}

function isSatisfied(leaf: EventLeaf, count: number): boolean {
  return count >= leaf.atLeast && count <= leaf.atMost;
}

/**
 * Counts the matching events at `nowMs` and finds when the answer flips. An event at t counts in a
 * window of w for every now in [t, t + w). Walks the coming arrivals and expiries in order of
 * time.
 */
export function judgeLeaf(leaf: EventLeaf, history: EventHistory, nowMs: number): Verdict {
  const instants = history.facts
    .filter((fact) => matchesLeaf(fact, leaf))
    .map((fact) => fact.atMs)
    .sort((a, b) => a - b);
  const window = leaf.windowMs ?? Number.POSITIVE_INFINITY;
  let arrived = instants.findIndex((at) => at > nowMs);
  if (arrived === -1) arrived = instants.length;
  let expired = instants.findIndex((at) => at + window > nowMs);
  if (expired === -1) expired = instants.length;
  const holds = isSatisfied(leaf, arrived - expired);
  for (;;) {
    const arrival = instants[arrived] ?? Number.POSITIVE_INFINITY;
    const expiry = (instants[expired] ?? Number.POSITIVE_INFINITY) + window;
    const next = Math.min(arrival, expiry);
    if (next >= history.knownUntilMs || next === Number.POSITIVE_INFINITY) break;
    while ((instants[arrived] ?? Number.POSITIVE_INFINITY) === next) arrived += 1;
    while ((instants[expired] ?? Number.POSITIVE_INFINITY) + window === next) expired += 1;
    if (isSatisfied(leaf, arrived - expired) !== holds) return { holds, changesAtMs: next };
  }
  const isComplete = history.knownUntilMs === Number.POSITIVE_INFINITY;
  return { holds, changesAtMs: isComplete ? null : history.knownUntilMs };
}
