import { comparatorOf, type FieldKind } from "../fields/field-kind.ts";
import { NO_CODE, type PairEvidence } from "./pair-evidence.ts";

/**
 * Weighted counts of each cell of a field. A code that stands for several cells (a part of the name is missing) is
 * divided as the pairs with both parts are.
 */
export function countCells(
  kind: FieldKind,
  field: number,
  pairs: PairEvidence,
  shares?: Float64Array,
): Float64Array {
  const comparator = comparatorOf(kind);
  const { codes, pairCount, fieldCount } = pairs;
  const byCode = new Float64Array(comparator.levels.length);
  for (let pair = 0; pair < pairCount; pair++) {
    const code = codes[pair * fieldCount + field]!;
    if (code !== NO_CODE) byCode[code]! += shares === undefined ? 1 : shares[pair]!;
  }
  const cells = byCode.slice(0, comparator.expectedAmongMatches.length);
  const full = cells.slice();
  for (let code = cells.length; code < byCode.length; code++) {
    spread(cells, full, comparator.cellsOf!(code), byCode[code]!);
  }
  return cells;
}

/** What one more pair weighs against those counted, so that no cell is impossible. */
const UNSEEN = 0.01;

function spread(cells: Float64Array, full: Float64Array, members: number[], count: number): void {
  const total = members.reduce((sum, cell) => sum + full[cell]! + UNSEEN, 0);
  for (const cell of members) cells[cell]! += (count * (full[cell]! + UNSEEN)) / total;
}

/** Counts as probabilities, pulled towards an expectation worth `strength` pairs. */
export function smoothed(
  counts: ArrayLike<number>,
  expected: readonly number[],
  strength: number,
): number[] {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0) + strength;
  return expected.map((share, cell) => (counts[cell]! + share * strength) / total);
}
