import { breaksForEver, brokenLimit, type GroupSummary, unionGroup } from "./group.ts";
import type { PolicyIndex } from "./identity-policy.ts";

/**
 * JOIN and REFUSE are what the whole partition would say; NOTHING: it stays as it is; RECOMPUTE:
 * only the whole component can tell.
 */
export type JoinVerdict = "JOIN" | "REFUSE" | "NOTHING" | "RECOMPUTE";

export interface NewEdge {
  rank: string;
  reach: 0 | 1 | 2;
  isAlias: boolean;
}

/**
 * What a new edge does to the present partition, told from the summaries of its two groups (`one`
 * and `other` are the same object when it lies within one). Why this is enough, wherever the edge
 * ranks:
 *
 * - Constraints are hereditary: what a group may be, each part of it may be. So if the union is
 *   allowed, no edge within it can be refused on account of the new one, however early that joins.
 * - They are monotone: what kept two groups apart keeps larger ones apart. So what was refused
 *   stays refused.
 * - A union that is not allowed is refused for certain only when the edge ranks behind all others
 *   at both groups: it meets them finished. Otherwise it might take something from them before they
 *   were whole.
 * - Whether more values than a limit with a window allows fall into one, takes a look at when they
 *   were first seen.
 */
export function decideJoin(
  one: GroupSummary,
  other: GroupSummary,
  edge: NewEdge,
  index: PolicyIndex,
): JoinVerdict {
  if (edge.isAlias) return "RECOMPUTE";
  if (one === other) return "NOTHING";
  if (one.decided && other.decided) return "RECOMPUTE";
  const sharesDevice = edge.reach > 0 && one.known && other.known;
  const { tally } = unionGroup(one, other);
  if (!sharesDevice && !brokenLimit(tally, index)) return "JOIN";
  if (!sharesDevice && !breaksForEver(tally, index)) return "RECOMPUTE";
  const isLast = edge.rank > one.lastRank && edge.rank > other.lastRank;
  // Whether it goes against a human's word takes a look at the decisions.
  const isSettled = edge.reach > 0 || !(one.decided || other.decided);
  return isLast && isSettled ? "REFUSE" : "RECOMPUTE";
}
