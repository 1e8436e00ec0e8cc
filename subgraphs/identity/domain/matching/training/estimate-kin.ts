import { isGivenAnother, isGivenDifferent, isGivenTold } from "../fields/name-codes.ts";
import { groupOf } from "../fields/field-kind.ts";
import type { ClassShares, Supposition } from "./class-shares.ts";
import { NO_CODE, type PairEvidence } from "./pair-evidence.ts";

/** Each record has a relative in the file at least this often. */
const RELATIVES_PER_RECORD_MIN = 0.002;
export const KIN_SHARE_MAX = 0.25;
/** From this level on two dates are of two persons ("same year" and worse). */
const DATE_LEVEL_OTHER = 6;
/** From this level on no typing error makes one of the other ("within ten years" and worse). */
const DATE_LEVEL_FAR = 8;

/** The chance of a relative that no file is without. */
export function kinShareLeast(recordCount: number, pairCount: number): number {
  return Math.min(KIN_SHARE_MAX, (RELATIVES_PER_RECORD_MIN * recordCount) / Math.max(1, pairCount));
}

/** What the pairs of a file witness of households. */
export interface KinCount {
  /** Pairs of one household and clearly of two persons. */
  readonly apart: number;
  /** Pairs of one household and one birth date that bear two given names known from others. */
  readonly twins: number;
  /** All pairs of one household and one birth date whose given names are told. */
  readonly bornTogether: number;
}

/**
 * Counts the pairs of one surname and one home that are clearly of two persons: other given names that others bear
 * too, or another birth date. Pairs that might as well be one person with a wrong value are no witnesses.
 */
export function countKin(
  { schema, weights }: Supposition,
  evidence: PairEvidence,
  { match, kin }: ClassShares,
): KinCount {
  const { codes, surnameCodes, pairCount, fieldCount } = evidence;
  const name = schema.fields.findIndex(({ kind }) => kind === "name");
  const date = schema.fields.findIndex(({ kind }) => kind === "date");
  const home = schema.fields.flatMap(({ kind }, field) =>
    groupOf(kind) === "location" ? [field] : [],
  );
  let [apart, twins, bornTogether] = [0, 0, 0];
  for (let pair = 0; pair < pairCount; pair++) {
    const start = pair * fieldCount;
    const codeAt = (field: number) => (field < 0 ? NO_CODE : codes[start + field]!);
    const speaksAgainst = (field: number) =>
      codeAt(field) !== NO_CODE && weights[field]![codeAt(field)]! < 0;
    const surname = surnameCodes[pair]!;
    if (surname !== NO_CODE && weights[name]![surname]! < 0) continue;
    if (home.some(speaksAgainst)) continue;
    const share = match[pair]! + kin[pair]!;
    const isNameTold = codeAt(name) !== NO_CODE && isGivenTold(codeAt(name));
    if (codeAt(date) === 0 && isNameTold) {
      bornTogether += share;
      if (isGivenAnother(codeAt(name))) twins += share;
    } else if (areTwoPersons(codeAt(name), codeAt(date))) apart += share;
  }
  return { apart, twins, bornTogether };
}

function areTwoPersons(nameCode: number, dateCode: number): boolean {
  const isGivenAbsent = nameCode === NO_CODE || !isGivenTold(nameCode);
  if (dateCode === NO_CODE) return !isGivenAbsent && isGivenAnother(nameCode);
  if (dateCode < DATE_LEVEL_OTHER) return false;
  return isGivenAbsent ? dateCode >= DATE_LEVEL_FAR : isGivenDifferent(nameCode);
}

/** General knowledge: one pair of relatives in forty has one birth date; counts as so many pairs. */
export const TWIN_SHARE = 1 / 40;
const TWIN_SHARE_STRENGTH = 20;
const TWIN_SHARE_MAX = 0.2;

/** Two persons with two records each make four pairs, counted or not together: so many deviations are chance. */
const PAIRS_PER_COUPLE = 4;
const DEVIATIONS = 2;

/** How many twins a file with so many pairs of relatives may hold. */
function twinsMax({ apart }: KinCount): number {
  const most = TWIN_SHARE_MAX * apart;
  return most + DEVIATIONS * Math.sqrt(PAIRS_PER_COUPLE * most);
}

/** How far pairs of one birth date may be twins at all, in [0, 1]: many such pairs beside few relatives are errors. */
const plausibleTwins = (count: KinCount) => Math.min(1, twinsMax(count) / Math.max(1, count.twins));

/** Share of the relatives who are twins. */
export function twinShareOf(count: KinCount): number {
  const { apart, twins } = count;
  const seen = (twins + TWIN_SHARE * TWIN_SHARE_STRENGTH) / (apart + twins + TWIN_SHARE_STRENGTH);
  const share = Math.min(TWIN_SHARE_MAX, Math.max(TWIN_SHARE, seen));
  return TWIN_SHARE + (share - TWIN_SHARE) * plausibleTwins(count);
}

/** General knowledge: so many records of one person bear another given name altogether, relatives or not. */
const ANOTHER_NAME_SHARE = 0.005;

/**
 * How many of the pairs of one person may bear two known given names, at most: what is left of those of one birth date
 * and home when as many as can be are taken for twins, and no fewer than general knowledge has it. The fewer relatives
 * a file shows, the less that binds: there such a pair is one person with a wrong name.
 */
export function anotherNameShareMax(count: KinCount): number {
  const errors = (count.twins - twinsMax(count)) / Math.max(1, count.bornTogether);
  const plausible = plausibleTwins(count);
  return plausible === 0 ? 1 : Math.min(1, Math.max(ANOTHER_NAME_SHARE, errors) / plausible);
}
