import { compareText } from "./evidence.ts";

/** A tie as paths see it. */
export interface Tie {
  low: string;
  high: string;
  /** 0 to 1. */
  confidence: number;
  /** Of two ties between the same two, equally sure, the one of the lesser rule is shown. */
  rule?: string;
}

/**
 * How surely each identifier belongs to the anchor: the weakest tie on the strongest path to it.
 * What no tie leads to is missing.
 */
export function confidenceFrom(anchor: string, ties: readonly Tie[]): Map<string, number> {
  const best = new Map<string, number>([[anchor, 1]]);
  for (const step of walkStrongest(anchor, ties)) best.set(step.to, step.confidence);
  return best;
}

/**
 * The strongest path between two identifiers, fewest hops among equals; null when there is none.
 */
export function strongestPath<T extends Tie>(
  from: string,
  to: string,
  ties: readonly T[],
): T[] | null {
  if (from === to) return [];
  const weakest = confidenceFrom(from, ties).get(to);
  if (weakest === undefined) return null;
  // Breadth first over the ties that are strong enough.
  const around = adjacency(ties.filter(({ confidence }) => confidence >= weakest));
  const came = new Map<string, T | null>([[from, null]]);
  let frontier = [from];
  while (frontier.length > 0 && !came.has(to)) {
    const next: string[] = [];
    for (const key of frontier) {
      for (const tie of around.get(key) ?? []) {
        const peer = tie.low === key ? tie.high : tie.low;
        if (came.has(peer)) continue;
        came.set(peer, tie);
        next.push(peer);
      }
    }
    frontier = next;
  }
  return backwards(to, came);
}

function backwards<T extends Tie>(to: string, came: ReadonlyMap<string, T | null>): T[] {
  const path: T[] = [];
  let key = to;
  for (let tie = came.get(key); tie; tie = came.get(key)) {
    path.unshift(tie);
    key = tie.low === key ? tie.high : tie.low;
  }
  return path;
}

function* walkStrongest(anchor: string, ties: readonly Tie[]) {
  // Strongest first, each joins two sets: what joins the anchor's set has its final confidence.
  const sets = new Map<string, Set<string>>();
  const setOf = (key: string) => {
    const known = sets.get(key) ?? new Set([key]);
    sets.set(key, known);
    return known;
  };
  const sorted = [...ties].sort((a, b) => b.confidence - a.confidence);
  for (const { low, high, confidence } of sorted) {
    const [a, b] = [setOf(low), setOf(high)];
    if (a === b) continue;
    const found = a.has(anchor) ? b : b.has(anchor) ? a : null;
    if (found) for (const to of found) yield { to, confidence };
    const [into, from] = a.size >= b.size ? [a, b] : [b, a];
    for (const key of from) {
      into.add(key);
      sets.set(key, into);
    }
  }
}

function adjacency<T extends Tie>(ties: readonly T[]): Map<string, T[]> {
  const around = new Map<string, T[]>();
  const sorted = [...ties].sort(
    (a, b) =>
      compareText(a.low, b.low) ||
      compareText(a.high, b.high) ||
      b.confidence - a.confidence ||
      compareText(a.rule ?? "", b.rule ?? ""),
  );
  for (const tie of sorted) {
    for (const key of [tie.low, tie.high]) {
      const known = around.get(key);
      if (known) known.push(tie);
      else around.set(key, [tie]);
    }
  }
  return around;
}
