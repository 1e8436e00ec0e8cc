import { isSimilar, isWithinOneEdit } from "../text/string-distance.ts";
import { phoneticCode } from "../text/phonetic-code.ts";
import {
  GIVEN_ANOTHER,
  GIVEN_DIFFERENT,
  GIVEN_ONLY,
  GIVEN_SIMILAR,
  GIVEN_SIMILAR_KNOWN,
  NAME_SWAPPED,
  SURNAME_ANOTHER,
  SURNAME_COUNT,
  SURNAME_DIFFERENT,
  SURNAME_ONLY,
} from "./name-codes.ts";
import { isNickname } from "./nicknames.ts";

/** A name taken apart for comparison; "" where a part is missing. */
export interface PreparedName {
  readonly given: string;
  readonly givenSound: string;
  readonly surname: string;
  readonly surnameSound: string;
  /** Of a surname of several words; empty where it is one. */
  readonly surnameParts: readonly string[];
  readonly middle: readonly string[];
}

const PART_SEPARATOR = /[ -]/;
/** One for all: a million names have neither parts nor middle names. */
const NO_PARTS: readonly string[] = [];

/** Works out once per distinct name what each comparison needs. */
export function prepareName(given: string, middle: string, surname: string): PreparedName {
  return {
    given,
    givenSound: phoneticCode(given),
    surname,
    surnameSound: phoneticCode(surname),
    surnameParts: PART_SEPARATOR.test(surname) ? surname.split(PART_SEPARATOR) : NO_PARTS,
    middle: middle === "" ? NO_PARTS : middle.split(" "),
  };
}

/** Bits: others bear the given name, the surname, too. */
export const GIVEN_KNOWN = 1;
export const SURNAME_KNOWN = 2;

/**
 * A code with what the other records tell: two different names that others bear too are two names; where one of them
 * stands alone, it may be the other one misspelt.
 */
export function refineNameCode(code: number, leftKnown: number, rightKnown: number): number {
  if (code === NAME_SWAPPED) return code;
  const known = leftKnown & rightKnown;
  const isSurnameKnown = (known & SURNAME_KNOWN) !== 0;
  if (code >= SURNAME_ONLY)
    return SURNAME_ONLY + refinedSurname(code - SURNAME_ONLY, isSurnameKnown);
  const isGivenKnown = (known & GIVEN_KNOWN) !== 0;
  if (code >= GIVEN_ONLY) return GIVEN_ONLY + refinedGiven(code - GIVEN_ONLY, isGivenKnown);
  const given = refinedGiven(Math.floor(code / SURNAME_COUNT), isGivenKnown);
  return given * SURNAME_COUNT + refinedSurname(code % SURNAME_COUNT, isSurnameKnown);
}

function refinedGiven(level: number, areKnown: boolean): number {
  if (!areKnown) return level;
  if (level === GIVEN_SIMILAR) return GIVEN_SIMILAR_KNOWN;
  return level === GIVEN_DIFFERENT ? GIVEN_ANOTHER : level;
}

function refinedSurname(level: number, areKnown: boolean): number {
  return areKnown && level === SURNAME_DIFFERENT ? SURNAME_ANOTHER : level;
}

/** A single letter stands for a name; a single ideograph or syllable is one. */
export const isInitial = (name: string) =>
  name.length === 1 &&
  !/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(name);

/** Level of two given names by themselves. */
export function compareGivenNames(leftName: PreparedName, rightName: PreparedName): number {
  const [left, right] = [leftName.given, rightName.given];
  if (left === right) return 0;
  if (isNickname(left, right)) return 1;
  if (isInitial(left) || isInitial(right)) return left[0] === right[0] ? 3 : GIVEN_DIFFERENT;
  const shorter = Math.min(left.length, right.length);
  // A typing error, not the same beginning: mark and marsha, anna and annabelle are two names.
  const isClose =
    (shorter >= 3 && isWithinOneEdit(left, right)) ||
    (Math.abs(left.length - right.length) <= 1 && isSimilar(left, right, 0.93));
  return isClose || (shorter >= 4 && leftName.givenSound === rightName.givenSound)
    ? 2
    : GIVEN_DIFFERENT;
}

const partsOf = ({ surname, surnameParts }: PreparedName) =>
  surnameParts.length > 0 ? surnameParts : [surname];

/** Level of two surnames by themselves. */
export function compareSurnames(leftName: PreparedName, rightName: PreparedName): number {
  const [left, right] = [leftName.surname, rightName.surname];
  if (left === right) return 0;
  const isClose = Math.min(left.length, right.length) >= 3 && isWithinOneEdit(left, right);
  if (isClose || isSimilar(left, right, 0.92)) return 1;
  if (leftName.surnameParts.length > 1 || rightName.surnameParts.length > 1) {
    const [leftParts, rightParts] = [leftName, rightName].map(partsOf) as [string[], string[]];
    if (leftParts.some((part) => part.length > 2 && rightParts.includes(part))) return 3;
    if (leftParts.join("") === rightParts.join("")) return 1;
  }
  const sound = leftName.surnameSound;
  return sound.length > 1 && sound === rightName.surnameSound ? 2 : SURNAME_DIFFERENT;
}

const isSameWord = (left: string, right: string) =>
  left !== "" &&
  (left === right || (Math.min(left.length, right.length) >= 4 && isWithinOneEdit(left, right)));

function isAmong(word: string, words: readonly string[]): boolean {
  return words.length > 0 && words.some((other) => isSameWord(word, other));
}

function givenLevel(left: PreparedName, right: PreparedName): number {
  const level = compareGivenNames(left, right);
  if (level < GIVEN_DIFFERENT) return level;
  return isAmong(left.given, right.middle) || isAmong(right.given, left.middle) ? 4 : level;
}

function surnameLevel(left: PreparedName, right: PreparedName): number {
  const level = compareSurnames(left, right);
  if (level < SURNAME_DIFFERENT) return level;
  return isAmong(left.surname, right.middle) || isAmong(right.surname, left.middle) ? 3 : level;
}

/** One side has a single word whose place is not known: it is held against both parts of the other. */
function compareSingleWord(single: PreparedName, other: PreparedName): number {
  if (single.given === "" && other.surname === "") return compareSingleWord(other, single);
  const word = single.given === "" ? single.surname : single.given;
  if (word === other.given) return GIVEN_ONLY;
  if (word === other.surname) return SURNAME_ONLY;
  if (single.given !== "" && other.given !== "") {
    if (isSameWord(word, other.surname)) return SURNAME_ONLY + 1;
    return GIVEN_ONLY + givenLevel(single, other);
  }
  if (single.surname !== "" && other.surname !== "") {
    return SURNAME_ONLY + surnameLevel(single, other);
  }
  return isSameWord(word, other.given || other.surname)
    ? GIVEN_ONLY + 2
    : GIVEN_ONLY + GIVEN_DIFFERENT;
}

/** Code of two names (see `nameCodeLabel`); symmetric. */
export function compareNames(left: PreparedName, right: PreparedName): number {
  if (left.given === "" || left.surname === "") return compareSingleWord(left, right);
  if (right.given === "" || right.surname === "") return compareSingleWord(right, left);
  const given = givenLevel(left, right);
  const surname = surnameLevel(left, right);
  if (given >= 3 && surname >= 3) {
    const isSwapped =
      isSameWord(left.given, right.surname) && isSameWord(left.surname, right.given);
    if (isSwapped) return NAME_SWAPPED;
  }
  return given * SURNAME_COUNT + surname;
}
