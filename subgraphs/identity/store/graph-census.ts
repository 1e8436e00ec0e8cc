/** The graph in numbers. */
export interface GraphCensus {
  persons: number;
  identifiers: number;
  /** Living persons by how many identifiers each has. */
  sizes: readonly { size: number; count: number }[];
  /** Persons that have an identifier of the namespace. */
  covered: readonly { namespace: string; persons: number }[];
  merges: number;
  splits: number;
}

/** Counts everything: seconds at a million identifiers, so the answer is kept for a while. */
export interface CensusTaker {
  /** Merges and splits are counted from the change id on. */
  census(fromChangeId: string): Promise<GraphCensus>;
}
