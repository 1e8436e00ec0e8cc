import { durationToMs } from "../../../kernel/time/duration.ts";
import type { GroupSummary } from "./group.ts";
import type { NamespacePolicy, PolicyIndex } from "./identity-policy.ts";

/**
 * Values as a limit counts them: all, or where it has a window, the most that were first seen within
 * so long of each other. `firstSeenAt` has one instant a value, in any order.
 */
export function countedValues(
  { limit, limitWithin }: NamespacePolicy,
  firstSeenAt: readonly string[],
): number {
  if (limitWithin === null || firstSeenAt.length <= (limit ?? 0)) return firstSeenAt.length;
  return mostWithin(firstSeenAt, durationToMs(limitWithin)!);
}

/**
 * Whether a group might be another one if a value of the namespace had been first seen at another
 * time: there is a window, and its limit was met or something was refused.
 */
export function dependsOnTime(
  { conflicted, tally }: GroupSummary,
  namespace: string,
  { namespaces }: PolicyIndex,
): boolean {
  const { limit, limitWithin } = namespaces.get(namespace) ?? { limit: null, limitWithin: null };
  if (limit === null || limitWithin === null) return false;
  return conflicted || (tally[namespace] ?? 0) > limit;
}

/** Instants that are the whole window apart do not lie within it. */
function mostWithin(instants: readonly string[], windowMs: number): number {
  const times = instants.map((at) => Date.parse(at)).sort((a, b) => a - b);
  let [most, start] = [0, 0];
  times.forEach((time, place) => {
    while (time - times[start]! >= windowMs) start += 1;
    most = Math.max(most, place - start + 1);
  });
  return most;
}
