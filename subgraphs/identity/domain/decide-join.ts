import { brokenLimit, type GroupSummary, unionGroup } from "./group.ts";
import type { PolicyIndex } from "./identity-policy.ts";

/**
 * JOIN and REFUSE are what the whole partition would say; NOTHING: it stays as it is; RECOMPUTE: only
 * the whole component can tell.
 */
export type JoinVerdict = "JOIN" | "REFUSE" | "NOTHING" | "RECOMPUTE";

export interface NewEdge {
  rank: string;
  reach: 0 | 1 | 2;
  isAlias: boolean;
}

/**
 * What a new edge does to the present partition, told from the summaries of its two groups (`one` and
 * `other` are the same object when it lies within one). Why this is enough (test: incremental equals whole):
 *
 * - Every constraint is hereditary: what a group may be, each part of it may be. So where no edge at the
 *   groups was ever refused and their union is allowed, no order of the edges could have refused any.
 * - An edge that ranks behind all others at both groups meets them finished, and nothing comes after it.
 * - A lone device or session brings nothing that a constraint counts, whenever it came.
 */
export function decideJoin(
  one: GroupSummary,
  other: GroupSummary,
  edge: NewEdge,
  index: PolicyIndex,
): JoinVerdict {
  if (edge.isAlias || (one.decided && other.decided && one !== other)) return "RECOMPUTE";
  const isLast = edge.rank > one.lastRank && edge.rank > other.lastRank;
  const isFree = !one.conflicted && !other.conflicted;
  if (one === other) return isFree || isLast ? "NOTHING" : "RECOMPUTE";
  if (isInert(one, edge) || isInert(other, edge)) return "JOIN";
  const sharesDevice = edge.reach > 0 && one.known && other.known;
  const fits = !sharesDevice && !brokenLimit(unionGroup(one, other).tally, index);
  if (isLast) return fits ? "JOIN" : "REFUSE";
  return isFree && fits ? "JOIN" : "RECOMPUTE";
}

function isInert(group: GroupSummary, edge: NewEdge): boolean {
  return (
    edge.reach > 0 &&
    group.size === 1 &&
    group.lastRank === "" &&
    !group.known &&
    !group.decided &&
    Object.keys(group.tally).length === 0
  );
}
