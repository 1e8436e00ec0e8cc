/** Weights (without prior) of a sample of the candidate pairs. */
export interface WeightSample {
  readonly weights: Float64Array;
  /** Candidate pairs each sampled one stands for. */
  readonly pairsPerSample: number;
}

const ROUNDS = 30;

/**
 * Chance that two random records are of one person: EM over the weights of the candidate pairs, every pair that no
 * blocking rule brought together counting as different. At least one expected match.
 */
export function estimatePrior(sample: WeightSample, allPairs: number, start: number): number {
  let prior = start;
  for (let round = 0; round < ROUNDS; round++) {
    const bits = Math.log2(prior / (1 - prior));
    let matches = 0;
    for (const weight of sample.weights) matches += 1 / (1 + 2 ** -(weight + bits));
    const found = Math.min(0.5, Math.max(1, matches * sample.pairsPerSample) / allPairs);
    if (Math.abs(found - prior) < prior * 1e-4) return found;
    prior = found;
  }
  return prior;
}
