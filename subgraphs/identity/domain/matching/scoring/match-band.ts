import type { Calibration } from "./matching-model.ts";

/** HIGH acts by itself, MEDIUM waits for a person, LOW is only kept. */
export type MatchBand = "HIGH" | "MEDIUM" | "LOW";

/** Probabilities from which a band begins. */
export interface BandThresholds {
  readonly high: number;
  readonly medium: number;
}

export const BAND_THRESHOLDS: BandThresholds = { high: 0.99, medium: 0.5 };

/** The calibrated probability of a weight in bits. */
export function probabilityOf(weight: number, { slope, offset }: Calibration): number {
  return 1 / (1 + 2 ** -(slope * weight + offset));
}

/** A pair that contradicts itself in person (other given name, other passport) is never HIGH, however probable. */
export function bandOf(
  probability: number,
  isContradicted: boolean,
  thresholds: BandThresholds = BAND_THRESHOLDS,
): MatchBand {
  if (probability >= thresholds.high && !isContradicted) return "HIGH";
  return probability >= thresholds.medium ? "MEDIUM" : "LOW";
}
