import { comparatorOf, type FieldKind } from "../fields/field-kind.ts";
import { NAME_SWAPPED, GIVEN_LEVELS, SURNAME_LEVELS } from "../fields/name-codes.ts";
import type { RecordSchema } from "../schema/record-schema.ts";
import { countCells, smoothed } from "./level-counts.ts";
import type { PairEvidence } from "./pair-evidence.ts";

/** Half a pair in every cell: what was never seen is rare, not impossible. */
const UNSEEN_PAIRS = 0.5;
/** Up to about so many pairs general knowledge tells better how rare the unseen is. */
const FEW_PAIRS = 1_000;
/** How far the product of given name and surname stands in for name cells too rare to be counted. */
const INDEPENDENCE_STRENGTH = 4;

/** P(level | different persons) from random pairs; `shares` tells how surely each pair is of different persons. */
export function estimateU(
  schema: RecordSchema,
  pairs: PairEvidence,
  shares: Float64Array,
): number[][] {
  return schema.fields.map(({ kind }, field) => {
    const counts = countCells(kind, field, pairs, shares);
    const cells = counts.length;
    const even = smoothed(counts, unseenShares(kind, counts), cells * UNSEEN_PAIRS);
    return kind === "name" ? towardsIndependence(kind, counts, even) : even;
  });
}

/** How the unseen is divided: evenly, by general knowledge where the pairs are few. */
function unseenShares(kind: FieldKind, counts: Float64Array): number[] {
  const known = comparatorOf(kind).expectedAmongDifferent;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const trust = FEW_PAIRS / (FEW_PAIRS + total);
  return known.map((share) => trust * share + (1 - trust) / counts.length);
}

/** For different persons given name and surname are drawn nearly independently: borrows strength from the margins. */
function towardsIndependence(kind: FieldKind, counts: Float64Array, even: number[]): number[] {
  const surnames = SURNAME_LEVELS.length;
  const given = GIVEN_LEVELS.map((_, level) =>
    SURNAME_LEVELS.reduce((sum, _name, surname) => sum + even[level * surnames + surname]!, 0),
  );
  const surname = SURNAME_LEVELS.map((_, level) =>
    GIVEN_LEVELS.reduce((sum, _name, first) => sum + even[first * surnames + level]!, 0),
  );
  const product = comparatorOf(kind).expectedAmongMatches.map((_, cell) =>
    cell === NAME_SWAPPED
      ? even[cell]!
      : given[Math.floor(cell / surnames)]! * surname[cell % surnames]!,
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return smoothed(counts, product, Math.max(1, total * INDEPENDENCE_STRENGTH));
}
