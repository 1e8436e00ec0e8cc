import type { Calibration } from "../scoring/matching-model.ts";

const SLOPE_MIN = 0.2;
/** The clusters are our own judgement: they may make us humbler at will, surer by this many bits. */
const OFFSET_MAX = 1;
const ROUNDS = 40;
/** Pseudo-pairs that hold the curve to the model's own odds where the data say little. */
const OWN_ODDS_STRENGTH = 1;
const LN2 = Math.log(2);

/**
 * How sure a weight really makes: a logistic curve through weights and outcomes, by Newton's method. Outcomes are
 * the final clusters, which know more than the pair itself. Dependent fields make weights boast; the slope takes
 * that back, never more than 1.
 */
export function calibrate(
  weights: ArrayLike<number>,
  isMatch: ArrayLike<number | boolean>,
): Calibration {
  let slope = 1;
  let offset = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let [gradientSlope, gradientOffset] = [
      -(slope - 1) * OWN_ODDS_STRENGTH,
      -offset * OWN_ODDS_STRENGTH,
    ];
    let [slopeSlope, slopeOffset, offsetOffset] = [OWN_ODDS_STRENGTH, 0, OWN_ODDS_STRENGTH];
    for (let pair = 0; pair < weights.length; pair++) {
      const weight = weights[pair]! * LN2;
      const chance = 1 / (1 + Math.exp(-(slope * weight + offset * LN2)));
      const miss = (isMatch[pair] ? 1 : 0) - chance;
      const spread = chance * (1 - chance);
      gradientSlope += miss * weight;
      gradientOffset += miss * LN2;
      slopeSlope += spread * weight * weight;
      slopeOffset += spread * weight * LN2;
      offsetOffset += spread * LN2 * LN2;
    }
    const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
    if (!(Math.abs(determinant) > 1e-12)) break;
    const slopeStep = (gradientSlope * offsetOffset - gradientOffset * slopeOffset) / determinant;
    slope = Math.max(SLOPE_MIN, Math.min(1, slope + slopeStep));
    offset += (gradientOffset * slopeSlope - gradientSlope * slopeOffset) / determinant;
    offset = Math.max(-10, Math.min(OFFSET_MAX, offset));
    if (Math.abs(slopeStep) < 1e-9) break;
  }
  return { slope, offset };
}
