import { aspectOf, type FieldComparator } from "../fields/field-comparator.ts";
import {
  compareSurnames,
  isGivenDifferent,
  type PreparedName,
  SURNAME_ONLY,
} from "../fields/compare-name.ts";
import { isNickname } from "../fields/nicknames.ts";
import type { FieldModel } from "./matching-model.ts";

/** One value as both the online and the bulk scorer hold it. */
export interface ComparableValue {
  readonly canonical: string;
  readonly prepared: unknown;
}

/** How much two values of a field speak for one person, in bits. */
export interface FieldEvidence {
  readonly code: number;
  readonly weight: number;
}

/** A single field never decides alone by more than this. */
const FIELD_WEIGHT_MAX_BITS = 24;
const FIELD_WEIGHT_MIN_BITS = -12;

/** log2(m / u) of a code, summed over the cells it stands for. */
export function codeWeight(
  comparator: FieldComparator,
  m: readonly number[],
  u: readonly number[],
  code: number,
): number {
  let among = 0;
  let beside = 0;
  for (const cell of comparator.cellsOf?.(code) ?? [code]) {
    among += m[cell]!;
    beside += u[cell]!;
  }
  return Math.log2(among / beside);
}

/** Terms of one value, each led by its aspect. */
export function termsOf(comparator: FieldComparator, value: ComparableValue): string[] {
  return comparator.termsOf?.(value.prepared) ?? [`value:${value.canonical}`];
}

function agreedTerms(
  comparator: FieldComparator,
  code: number,
  left: ComparableValue,
  right: ComparableValue,
): string[] {
  if (comparator.agreedTerms !== undefined)
    return comparator.agreedTerms(code, left.prepared, right.prepared);
  return code === 0 ? [`value:${left.canonical}`] : [];
}

/** The part of a name's weight that the surname alone makes: what relatives share. 0 where it speaks against. */
export function surnameWeight(
  model: FieldModel,
  left: ComparableValue,
  right: ComparableValue,
): number {
  const one = left.prepared as PreparedName;
  const other = right.prepared as PreparedName;
  if (one.surname === "" || other.surname === "") return 0;
  const level = compareSurnames(one, other);
  const agreement = model.agreementByAspect.surname;
  const share = model.shareByTerm[`surname:${one.surname}`] ?? model.rarestShare;
  const rarity = level === 0 && agreement !== undefined ? Math.log2(agreement / share) : 0;
  return Math.max(0, model.weights[SURNAME_ONLY + level]! + rarity);
}

/** A given name is known when so many records bear it, or general knowledge has it: no typing error then. */
const KNOWN_NAME_RECORDS_MIN = 3;

function areKnownApart(
  model: FieldModel,
  code: number,
  left: ComparableValue,
  right: ComparableValue,
): boolean {
  if (!isGivenDifferent(code)) return false;
  return [left, right].every(({ prepared }) => {
    const { given } = prepared as PreparedName;
    const share = model.shareByTerm[`given:${given}`] ?? 0;
    return isNickname(given, given) || share >= KNOWN_NAME_RECORDS_MIN * model.rarestShare;
  });
}

/** Level of agreement with term frequency: agreeing on what is rare weighs more. */
export function fieldEvidence(
  model: FieldModel,
  comparator: FieldComparator,
  left: ComparableValue,
  right: ComparableValue,
): FieldEvidence {
  const code = comparator.compare(left.prepared, right.prepared);
  let weight = model.weights[code]!;
  for (const term of agreedTerms(comparator, code, left, right)) {
    const agreement = model.agreementByAspect[aspectOf(term)];
    const share = model.shareByTerm[term] ?? model.rarestShare;
    if (agreement !== undefined) weight += Math.log2(agreement / share);
  }
  if (model.knownNamesApart !== undefined && areKnownApart(model, code, left, right))
    weight -= model.knownNamesApart;
  return { code, weight: Math.max(FIELD_WEIGHT_MIN_BITS, Math.min(FIELD_WEIGHT_MAX_BITS, weight)) };
}
