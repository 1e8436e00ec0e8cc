/** So many of the joins must be right, by the odds they were made at. */
export const RIGHT_JOINS_MIN = 0.93;
/** A join of these odds (4 : 1) is made in any file. */
export const STOP_MAX_BITS = 2;

/**
 * The lowest average weight, in bits, from which on the joins made are expected to be right often enough; `lowest`
 * where all of them are.
 */
export function stopWhereJoinsAreRight(joins: readonly number[], lowest: number): number {
  const averages = Float64Array.from(joins).sort();
  let right = 0;
  for (const average of averages) right += 1 / (1 + 2 ** -average);
  let stopAt = lowest;
  for (let at = 0; at < averages.length; at++) {
    if (right >= RIGHT_JOINS_MIN * (averages.length - at) || stopAt >= STOP_MAX_BITS) break;
    right -= 1 / (1 + 2 ** -averages[at]!);
    stopAt = Math.max(lowest, Math.min(STOP_MAX_BITS, averages[at]!));
  }
  return stopAt;
}
