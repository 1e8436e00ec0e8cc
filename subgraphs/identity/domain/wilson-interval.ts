/** Normal quantile of a two-sided interval of 95 %. */
const z = 1.959964;

export interface ShareEstimate {
  share: number;
  low: number;
  high: number;
  sampled: number;
}

/**
 * A share and its 95 % interval by Wilson's score: honest for small samples and for shares near 0,
 * where the usual formula gives an interval of no width. Null: nothing was sampled.
 */
export function wilsonInterval(hits: number, sampled: number): ShareEstimate | null {
  if (sampled === 0) return null;
  const share = hits / sampled;
  const scale = 1 + (z * z) / sampled;
  const centre = (share + (z * z) / (2 * sampled)) / scale;
  const half =
    (z / scale) * Math.sqrt((share * (1 - share)) / sampled + (z * z) / (4 * sampled ** 2));
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half), sampled };
}
