import type { MatchResult } from "../../subgraphs/identity/domain/matching/match-records.ts";
import { probabilityOf } from "../../subgraphs/identity/domain/matching/scoring/match-band.ts";

/** Quality of the scored pairs alone when those from a probability on count as matches. */
export interface ThresholdQuality {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

const STEPS = 50;

/** Precision and recall of the pairs over the threshold; pairs no blocking rule found count as missed. */
export function precisionRecall(
  result: MatchResult,
  truth: readonly string[],
  truePairs: number,
): ThresholdQuality[] {
  const found = new Float64Array(STEPS + 1);
  const right = new Float64Array(STEPS + 1);
  const { pairs, model } = result;
  for (let at = 0; at < pairs.pairCount; at++) {
    const step = Math.floor(probabilityOf(pairs.weights[at]!, model.calibration) * STEPS);
    found[step]!++;
    if (truth[pairs.lefts[at]!] === truth[pairs.rights[at]!]) right[step]!++;
  }
  const curve: ThresholdQuality[] = [];
  let foundAbove = 0;
  let rightAbove = 0;
  for (let step = STEPS; step >= 0; step--) {
    foundAbove += found[step]!;
    rightAbove += right[step]!;
    curve.push({
      threshold: step / STEPS,
      precision: foundAbove === 0 ? 1 : rightAbove / foundAbove,
      recall: truePairs === 0 ? 1 : rightAbove / truePairs,
    });
  }
  return curve.reverse();
}
