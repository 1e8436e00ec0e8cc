import type { ScoredPair } from "../domain/records/scored-pair.ts";

/** A pair as it is kept, with what the graph was told of it. */
export interface KnownPair extends ScoredPair {
  confidence: number;
  asks: boolean;
  /** The confidence that the graph knows; 0: it does not, or it was taken back. */
  toldConfidence: number;
}

/** As the database gives it. */
export interface PairRow extends Record<string, unknown> {
  left_id: number;
  right_id: number;
  weight: number;
  probability: number;
  contradicted: boolean;
  confidence: number;
  asked: boolean;
  told_confidence: number;
}

export function toPair(row: PairRow): KnownPair {
  return {
    left: row.left_id,
    right: row.right_id,
    weight: row.weight,
    probability: row.probability,
    contradicted: row.contradicted,
    confidence: row.confidence,
    asks: row.asked,
    toldConfidence: row.told_confidence,
  };
}
