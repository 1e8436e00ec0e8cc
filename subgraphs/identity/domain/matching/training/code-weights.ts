import { comparatorOf, type FieldKind } from "../fields/field-kind.ts";
import { codeWeight } from "../scoring/field-weight.ts";

/** log2(m / u) by code of a kind. */
export function codeWeights(kind: FieldKind, m: readonly number[], u: readonly number[]): number[] {
  const comparator = comparatorOf(kind);
  return comparator.levels.map((_, code) => codeWeight(comparator, m, u, code));
}
