/** Two records and how alike they are; `left` came first. */
export interface ScoredPair {
  left: number;
  right: number;
  /** Bits for (positive) or against. */
  weight: number;
  probability: number;
  /** Something personal speaks against it, however probable it is. */
  contradicted: boolean;
}
