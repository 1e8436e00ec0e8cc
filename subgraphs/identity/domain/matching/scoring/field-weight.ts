import { aspectOf, type FieldComparator } from "../fields/field-comparator.ts";
import { compareSurnames, type PreparedName } from "../fields/compare-name.ts";
import { SURNAME_ONLY } from "../fields/name-codes.ts";
import type { FieldModel, TermFrequencies } from "./matching-model.ts";

/** One value as both the online and the bulk scorer hold it. */
export interface ComparableValue {
  readonly canonical: string;
  readonly prepared: unknown;
  /** See `knownOf`. */
  readonly known: number;
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
export function termsOf(
  comparator: FieldComparator,
  value: Omit<ComparableValue, "known">,
): string[] {
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

/** How alike two surnames are by themselves, and the rarity of the one they share. */
export interface SurnameEvidence {
  /** Code of the name where only the surnames are compared. */
  readonly code: number;
  readonly rarity: number;
}

/** Undefined where a side has no surname. */
export function surnameEvidence(
  { agreementByAspect, shareByTerm, rarestShare }: TermFrequencies,
  left: unknown,
  right: unknown,
): SurnameEvidence | undefined {
  const [one, other] = [left as PreparedName, right as PreparedName];
  if (one.surname === "" || other.surname === "") return undefined;
  const level = compareSurnames(one, other);
  const agreement = agreementByAspect.surname;
  const share = shareByTerm[`surname:${one.surname}`] ?? rarestShare;
  const rarity = level === 0 && agreement !== undefined ? Math.log2(agreement / share) : 0;
  return { code: SURNAME_ONLY + level, rarity };
}

/** The part of a name's weight that the surname alone makes: what relatives share. 0 where it speaks against. */
export function surnameWeight(model: FieldModel, left: unknown, right: unknown): number {
  const evidence = surnameEvidence(model, left, right);
  return evidence === undefined ? 0 : Math.max(0, model.weights[evidence.code]! + evidence.rarity);
}

/** A term is known when so many records have it: no typing error then. */
const KNOWN_TERM_RECORDS_MIN = 3;

/** What the frequencies of a field tell of a value by itself; worked out once for each distinct value. */
export function knownOf(
  comparator: FieldComparator,
  { shareByTerm, rarestShare }: TermFrequencies,
  prepared: unknown,
): number {
  const shareMin = KNOWN_TERM_RECORDS_MIN * rarestShare;
  return comparator.knownOf?.(prepared, (term) => (shareByTerm[term] ?? 0) >= shareMin) ?? 0;
}

/** The code of two values, with what the frequencies of the field tell of them. */
export function codeOf(
  comparator: FieldComparator,
  left: ComparableValue,
  right: ComparableValue,
): number {
  const code = comparator.compare(left.prepared, right.prepared);
  return comparator.refine?.(code, left.known, right.known) ?? code;
}

/** Bits that the rarity of what two values agree on adds to the weight of their code. */
export function rarityOf(
  frequencies: TermFrequencies,
  comparator: FieldComparator,
  code: number,
  left: ComparableValue,
  right: ComparableValue,
): number {
  let bits = 0;
  for (const term of agreedTerms(comparator, code, left, right)) {
    const agreement = frequencies.agreementByAspect[aspectOf(term)];
    const share = frequencies.shareByTerm[term] ?? frequencies.rarestShare;
    if (agreement !== undefined) bits += Math.log2(agreement / share);
  }
  return bits;
}

/** The weight of a field within its bounds. */
export const bounded = (weight: number) =>
  Math.max(FIELD_WEIGHT_MIN_BITS, Math.min(FIELD_WEIGHT_MAX_BITS, weight));

/** Level of agreement with term frequency: agreeing on what is rare weighs more. */
export function fieldEvidence(
  model: FieldModel,
  comparator: FieldComparator,
  left: ComparableValue,
  right: ComparableValue,
): FieldEvidence {
  const code = codeOf(comparator, left, right);
  const weight = model.weights[code]! + rarityOf(model, comparator, code, left, right);
  return { code, weight: bounded(weight) };
}
