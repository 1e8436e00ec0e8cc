import { type FieldKind, groupOf } from "../fields/field-kind.ts";
import type { RecordSchema } from "../schema/record-schema.ts";

/**
 * Turns the weights of the single fields into shares of the total that add up to it, in place.
 * `surname` is the part of the name's weight that the surname alone makes.
 */
export type WeightAdjustment = (weights: Float64Array, surname: number) => void;

/** Street, postcode, city tell of one circumstance: behind the strongest, each agreement counts this much. */
const FURTHER_AGREEMENT = 0.3;
/** Who moves changes them all at once: each further disagreement counts this much. */
const FURTHER_DISAGREEMENT = 0.4;

/**
 * What an agreement is worth at most, in bits, to tell a person from the rest of the household. General knowledge:
 * relatives share address and surname nearly always, often the phone, at times the e-mail; one pair of siblings in
 * fifty are twins, one pair of relatives in twenty bears the same given name.
 */
const WORTH_AMONG_KIN: Partial<Record<FieldKind, number>> = {
  date: 5.3,
  email: 2.6,
  phone: 0.6,
  street: 0,
  postcode: 0,
  place: 0,
  region: 0,
  organisation: 1,
  text: 2,
};
const GIVEN_NAME_AMONG_KIN = 3.8;
const SURNAME_AMONG_KIN = 0.3;

/**
 * Takes back what overlapping evidence says twice, and weighs the other explanation of an agreement: not one person
 * but two of one household, of which `kinShare` of all pairs are.
 */
export function weightAdjustment(schema: RecordSchema, kinShare: number): WeightAdjustment {
  const location = schema.fields.flatMap((plan, field) =>
    groupOf(plan.kind) === "location" ? [field] : [],
  );
  const name = schema.fields.findIndex((plan) => plan.kind === "name");
  const worth = schema.fields.map((plan) => WORTH_AMONG_KIN[plan.kind] ?? Number.POSITIVE_INFINITY);
  const kinBits = -Math.log2(kinShare);
  const kept = new Float64Array(schema.fields.length);
  return (weights, surname) => {
    discountOverlap(weights, location);
    let total = 0;
    let amongKin = kinBits;
    for (let field = 0; field < weights.length; field++) {
      const weight = weights[field]!;
      kept[field] =
        field === name ? nameAmongKin(weight, surname) : Math.min(weight, worth[field]!);
      total += weight;
      amongKin += kept[field]!;
    }
    takeBack(weights, kept, total, amongKin, total + kinBits - amongKin);
  };
}

/** Two rival explanations: the likelier one decides, smoothly; what it takes away is shared out. */
function takeBack(
  weights: Float64Array,
  kept: Float64Array,
  total: number,
  amongKin: number,
  shared: number,
): void {
  if (shared <= 0) return;
  const share = Math.log2(1 + 2 ** (total - amongKin)) / shared;
  for (let field = 0; field < weights.length; field++) {
    weights[field]! -= share * (weights[field]! - kept[field]!);
  }
}

const PERSONAL_KINDS: ReadonlySet<FieldKind> = new Set(["date", "generation", "identifier"]);

/**
 * Whether a personal field speaks against: given name (the name's weight without what the surname makes), birth date,
 * generation, an identifier.
 */
export function isContradicted(
  schema: RecordSchema,
  weights: ArrayLike<number>,
  surname: number,
): boolean {
  return schema.fields.some(({ kind }, field) => {
    if (kind === "name") return weights[field]! - surname < 0;
    return PERSONAL_KINDS.has(kind) && weights[field]! < 0;
  });
}

function nameAmongKin(weight: number, surname: number): number {
  return Math.min(weight - surname, GIVEN_NAME_AMONG_KIN) + Math.min(surname, SURNAME_AMONG_KIN);
}

function discountOverlap(weights: Float64Array, fields: readonly number[]): void {
  let agreement = 0;
  let strongestAgreement = 0;
  let disagreement = 0;
  let strongestDisagreement = 0;
  for (const field of fields) {
    const weight = weights[field]!;
    if (weight > 0) {
      agreement += weight;
      strongestAgreement = Math.max(strongestAgreement, weight);
    } else {
      disagreement += weight;
      strongestDisagreement = Math.min(strongestDisagreement, weight);
    }
  }
  const speaking =
    agreement === 0 ? 0 : discounted(strongestAgreement, agreement, FURTHER_AGREEMENT);
  const denying =
    disagreement === 0 ? 0 : discounted(strongestDisagreement, disagreement, FURTHER_DISAGREEMENT);
  for (const field of fields) weights[field]! *= weights[field]! > 0 ? speaking : denying;
}

const discounted = (strongest: number, all: number, further: number) =>
  (strongest + further * (all - strongest)) / all;
