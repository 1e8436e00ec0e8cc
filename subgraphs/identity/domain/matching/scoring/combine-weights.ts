import { type FieldKind, groupOf } from "../fields/field-kind.ts";
import type { RecordSchema } from "../schema/record-schema.ts";
import type { MatchingModel } from "./matching-model.ts";

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
 * relatives share address and surname nearly always, often the phone, at times the e-mail; one pair of relatives in
 * fourteen bears the same given name. How many are twins is learned.
 */
const WORTH_AMONG_KIN: Partial<Record<FieldKind, number>> = {
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
/** Twins bear two given names, and father and son are born years apart. */
const BIRTH_AMONG_NAMESAKES = 8;
const SURNAME_AMONG_KIN = 0.3;

/** What a pair says: for one person against strangers, and against two of one household; without any prior. */
export interface RivalBits {
  total: number;
  amongKin: number;
}

/**
 * Takes back from the weights, in place, what overlapping evidence says twice, and fills in `kept`: what is left of
 * each to tell a person from the rest of the household.
 */
type RivalWeigher = (weights: Float64Array, surname: number, kept: Float64Array) => RivalBits;

export function rivalWeigher(schema: RecordSchema, twinShare: number): RivalWeigher {
  const location = schema.fields.flatMap((plan, field) =>
    groupOf(plan.kind) === "location" ? [field] : [],
  );
  const name = schema.fields.findIndex((plan) => plan.kind === "name");
  const birthAmongKin = -Math.log2(twinShare);
  const isBirth = schema.fields.map(({ kind }) => kind === "date");
  const worth = schema.fields.map(({ kind }) => WORTH_AMONG_KIN[kind] ?? Number.POSITIVE_INFINITY);
  const bits: RivalBits = { total: 0, amongKin: 0 };
  return (weights, surname, kept) => {
    discountOverlap(weights, location);
    bits.total = 0;
    bits.amongKin = 0;
    const areNamesakes = name >= 0 && weights[name]! - surname > 0;
    const birth = areNamesakes ? BIRTH_AMONG_NAMESAKES : birthAmongKin;
    for (let field = 0; field < weights.length; field++) {
      const weight = weights[field]!;
      kept[field] =
        field === name
          ? nameAmongKin(weight, surname)
          : againstKin(weight, isBirth[field] ? birth : worth[field]!);
      bits.total += weight;
      bits.amongKin += kept[field]!;
    }
    return bits;
  };
}

/**
 * The same for those who share a company, its address and its switchboard, and no name. General knowledge, as above.
 */
const WORTH_AMONG_COLLEAGUES: Partial<Record<FieldKind, number>> = {
  organisation: 0,
  phone: 0.6,
  street: 0,
  postcode: 0,
  place: 0,
  region: 0,
  email: 4,
};

/** As `RivalWeigher`, for weights it was done with before: what is left to tell a person from the colleagues. */
type ColleagueWeigher = (weights: Float64Array, kept: Float64Array) => number;

export function colleagueWeigher(schema: RecordSchema): ColleagueWeigher {
  const shared = schema.fields.flatMap(({ kind }, field) => {
    const worth = WORTH_AMONG_COLLEAGUES[kind];
    return worth === undefined ? [] : [{ field, worth }];
  });
  return (weights, kept) => {
    kept.set(weights);
    for (const { field, worth } of shared) kept[field] = againstKin(weights[field]!, worth);
    let among = 0;
    for (let field = 0; field < kept.length; field++) among += kept[field]!;
    return among;
  };
}

/** What a model knows of the households and workplaces of its records. */
type Households = Pick<MatchingModel, "schema" | "kinShare" | "twinShare" | "colleagueShare">;

/**
 * Weighs the other explanations of an agreement: not one person but two of one household, of which `kinShare` of all
 * pairs are, or two of one workplace, of which `colleagueShare` are.
 */
export function weightAdjustment(model: Households): WeightAdjustment {
  const { schema, kinShare, twinShare, colleagueShare = 0 } = model;
  const weigh = rivalWeigher(schema, twinShare);
  const weighColleagues = colleagueWeigher(schema);
  const [kinBits, colleagueBits] = [-Math.log2(kinShare), -Math.log2(colleagueShare)];
  const [kept, keptBeside] = [kinShare, colleagueShare].map(
    () => new Float64Array(schema.fields.length),
  ) as [Float64Array, Float64Array];
  return (weights, surname) => {
    const { total, amongKin } = weigh(weights, surname, kept);
    const amongColleagues = colleagueShare === 0 ? total : weighColleagues(weights, keptBeside);
    if (amongColleagues + colleagueBits < amongKin + kinBits)
      takeBack(
        weights,
        keptBeside,
        total,
        amongColleagues + colleagueBits,
        total - amongColleagues,
      );
    else takeBack(weights, kept, total, amongKin + kinBits, total - amongKin);
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

/**
 * What is left of a weight beside relatives: a share of 2^-worth of them agree as often as one person with himself,
 * the others as strangers do. What all relatives share tells nothing, alike or not: a move takes the household along.
 */
function againstKin(weight: number, worth: number): number {
  const shared = 2 ** -worth;
  return -Math.log2(shared + (1 - shared) * 2 ** -weight);
}

/** What a field that is one person's own says of a pair. */
export type PersonalWord = "FOR" | "AGAINST" | "NOTHING";

/**
 * What each field says in person, "NOTHING" where it is not told or no person's own. A given name speaks for one
 * person only where it is the same or misspelt (`isGivenAlike`): an initial or a nickname may be somebody else's.
 */
export function personalWords(
  schema: RecordSchema,
  weights: ArrayLike<number>,
  surname: number,
  isGivenAlike: boolean,
): PersonalWord[] {
  return schema.fields.map(({ kind }, field) => {
    const isName = kind === "name";
    if (!isName && !PERSONAL_KINDS.has(kind)) return "NOTHING";
    const weight = isName ? weights[field]! - surname : weights[field]!;
    if (weight < 0) return "AGAINST";
    return weight > 0 && (!isName || isGivenAlike) ? "FOR" : "NOTHING";
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
