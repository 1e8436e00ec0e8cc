import { isCommonGivenName } from "./common-names.ts";
import {
  compareNames,
  GIVEN_KNOWN,
  SURNAME_KNOWN,
  isInitial,
  type PreparedName,
  prepareName,
  refineNameCode,
} from "./compare-name.ts";
import {
  CHANCE_NAME_CELLS,
  EXPECTED_NAME_CELLS,
  isGivenExact,
  isSurnameExact,
  NAME_CODES,
  NAME_SWAPPED,
  nameCellsOf,
  nameCodeLabel,
} from "./name-codes.ts";
import { isNickname } from "./nicknames.ts";
import { wordsOf } from "../text/fold-text.ts";
import { isSimilar, isWithinOneEdit } from "../text/string-distance.ts";
import type { FieldComparator } from "./field-comparator.ts";
import type { PersonName } from "./person-name.ts";

const PART_SEPARATOR = "/";

/** Canonical spelling of a name: given/middle/surname, folded. */
export function writeName(name: PersonName): string {
  return [name.given, name.middle, name.surname].join(PART_SEPARATOR);
}

function readName(canonical: string): PreparedName {
  const [given = "", middle = "", surname = ""] = canonical.split(PART_SEPARATOR);
  return prepareName(given, middle, surname);
}

function agreedNameTerms(code: number, left: PreparedName, right: PreparedName): string[] {
  if (code === NAME_SWAPPED) return [`given:${left.given}`, `surname:${left.surname}`];
  const terms: string[] = [];
  if (isGivenExact(code)) terms.push(`given:${left.given || right.given}`);
  if (isSurnameExact(code)) terms.push(`surname:${left.surname || right.surname}`);
  return terms;
}

/** Given name and surname together: what happens to one is not independent of the other. */
export const nameComparator: FieldComparator<PreparedName> = {
  levels: Array.from({ length: NAME_CODES }, (_, code) => nameCodeLabel(code)),
  expectedAmongMatches: EXPECTED_NAME_CELLS,
  expectedAmongDifferent: CHANCE_NAME_CELLS,
  canonical: (text) => text,
  prepare: readName,
  compare: compareNames,
  knownOf: ({ given, surname }, isKnown) => {
    const isGivenKnown =
      given !== "" &&
      !isInitial(given) &&
      (isNickname(given, given) || isCommonGivenName(given) || isKnown(`given:${given}`));
    const isSurnameKnown = surname !== "" && isKnown(`surname:${surname}`);
    return (isGivenKnown ? GIVEN_KNOWN : 0) | (isSurnameKnown ? SURNAME_KNOWN : 0);
  },
  refine: refineNameCode,
  cellsOf: nameCellsOf,
  termsOf: ({ given, surname }) => [
    ...(given === "" ? [] : [`given:${given}`]),
    ...(surname === "" ? [] : [`surname:${surname}`]),
  ],
  agreedTerms: agreedNameTerms,
};

function compareMiddle(left: string[], right: string[]): number {
  if (left.some((word) => word.length > 1 && right.includes(word))) return 0;
  const isShort = (one: string, other: string) =>
    one[0] === other[0] && (one.length === 1 || other.length === 1 || isWithinOneEdit(one, other));
  return left.some((word) => right.some((other) => isShort(word, other))) ? 1 : 2;
}

/** Second and further given names; one shared name is agreement. */
export const middleNameComparator: FieldComparator<string[]> = {
  levels: ["one in common", "same initial", "different"],
  expectedAmongMatches: [0.75, 0.15, 0.1],
  expectedAmongDifferent: [0.02, 0.06, 0.92],
  canonical: (text) => text,
  prepare: (text) => text.split(" "),
  compare: compareMiddle,
  termsOf: (words) => words.map((word) => `word:${word}`),
  agreedTerms: (code, left, right) =>
    code === 0
      ? left
          .filter((word) => word.length > 1 && right.includes(word))
          .slice(0, 1)
          .map((word) => `word:${word}`)
      : [],
};

/** Father or son: jr and sr never agree. */
export const generationComparator: FieldComparator<string> = {
  levels: ["same", "different"],
  expectedAmongMatches: [0.998, 0.002],
  expectedAmongDifferent: [0.5, 0.5],
  // Seldom seen, and always meant: knowledge, not learning.
  expectationStrength: 10_000,
  canonical: (text) => text,
  prepare: (text) => text,
  compare: (left, right) => (left === right ? 0 : 1),
};

const LEGAL_FORMS = new Set(
  (
    "inc incorporated ltd limited llc llp plc corp corporation co company gmbh ag kg ohg ug sa " +
    "sarl sas srl spa bv nv ab as oy pte pty the"
  ).split(" "),
);

function compareOrganisations(left: string[], right: string[]): number {
  const [leftText, rightText] = [left.join(" "), right.join(" ")];
  if (leftText === rightText) return 0;
  if (isSimilar(leftText, rightText, 0.92)) return 1;
  return left.some((word) => word.length > 3 && right.includes(word)) ? 2 : 3;
}

/** Names of companies and bodies, without their legal form. */
export const organisationComparator: FieldComparator<string[]> = {
  levels: ["same", "similar", "one word in common", "different"],
  expectedAmongMatches: [0.75, 0.12, 0.08, 0.05],
  expectedAmongDifferent: [0.0005, 0.001, 0.0185, 0.98],
  canonical: (text) => {
    const words = wordsOf(text.replace(/\([^)]*\)/g, " "));
    const kept = words.filter((word) => !LEGAL_FORMS.has(word));
    return (kept.length > 0 ? kept : words).join(" ");
  },
  prepare: (text) => text.split(" "),
  compare: compareOrganisations,
  termsOf: (words) => [`name:${words.join(" ")}`],
  agreedTerms: (code, left) => (code === 0 ? [`name:${left.join(" ")}`] : []),
};
