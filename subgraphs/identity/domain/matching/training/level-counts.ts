import { comparatorOf, type FieldKind } from "../fields/field-kind.ts";
import { NO_CODE, type PairCodes } from "./pair-codes.ts";

/** Weighted counts of each cell of a field; codes that stand for several cells are left out where full ones are plenty. */
export function countCells(kind: FieldKind, field: number, pairs: PairCodes, shares?: Float64Array): Float64Array {
  const comparator = comparatorOf(kind);
  const cells = new Float64Array(comparator.expectedAmongMatches.length);
  const { codes, pairCount, fieldCount } = pairs;
  for (let pair = 0; pair < pairCount; pair++) {
    const code = codes[pair * fieldCount + field]!;
    if (code === NO_CODE) continue;
    const share = shares === undefined ? 1 : shares[pair]!;
    if (code < cells.length) cells[code]! += share;
    else spread(cells, comparator.cellsOf!(code), share, comparator.expectedAmongMatches);
  }
  return cells;
}

/** A code over several cells is divided as those cells are expected to be. */
function spread(cells: Float64Array, members: number[], share: number, expected: readonly number[]): void {
  const total = members.reduce((sum, cell) => sum + expected[cell]!, 0);
  for (const cell of members) cells[cell]! += (share * expected[cell]!) / total;
}

/** Counts as probabilities, pulled towards an expectation worth `strength` pairs. */
export function smoothed(counts: ArrayLike<number>, expected: readonly number[], strength: number): number[] {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0) + strength;
  return expected.map((share, cell) => (counts[cell]! + share * strength) / total);
}
