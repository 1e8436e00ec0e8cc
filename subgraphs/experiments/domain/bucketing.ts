/** Half-open `[from, until)` of the numbers that fall to one variation. */
export type BucketRange = readonly [from: number, until: number];

/**
 * GrowthBook's hash of a unit: a number in [0, 1), the same in every SDK. Version 2 is unbiased;
 * version
 * 1 is what older experiments ran on. Null: no such version.
 */
export function bucketOf(seed: string, value: string, version: number): number | null {
  if (version === 2) return (fnv1a(`${fnv1a(seed + value)}`) % 10_000) / 10_000;
  if (version === 1) return (fnv1a(value + seed) % 1_000) / 1_000;
  return null;
}

/** 32-bit FNV-1a over UTF-16 code units, as the SDKs compute it. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** The same weight for each of `count` variations. */
export function equalWeights(count: number): number[] {
  return count < 1 ? [] : Array.from({ length: count }, () => 1 / count);
}

/** Weights that do not sum to one, or are not one each, are taken to be equal (as the SDKs do). */
export function bucketRanges(
  count: number,
  coverage: number,
  weights: readonly number[] | null,
): BucketRange[] {
  const covered = Math.min(1, Math.max(0, coverage));
  const usable = weights !== null && weights.length === count && sumsToOne(weights);
  let from = 0;
  return (usable ? weights : equalWeights(count)).map((weight) => {
    const start = from;
    from += weight;
    return [start, start + covered * weight];
  });
}

/** Which range the number falls in; -1: none. */
export function chooseVariation(bucket: number, ranges: readonly BucketRange[]): number {
  return ranges.findIndex(([from, until]) => bucket >= from && bucket < until);
}

/** Weights are written with few digits: a hundredth is rounding. */
export function sumsToOne(weights: readonly number[]): boolean {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum >= 0.99 && sum <= 1.01;
}
