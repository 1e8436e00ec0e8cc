import { isSimilar, isWithinOneEdit } from "../text/string-distance.ts";
import { phoneticCode } from "../text/phonetic-code.ts";
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

export const GIVEN_LEVELS = [
  "same",
  "nickname",
  "similar",
  "initial",
  "among the others",
  "different",
] as const;
export const SURNAME_LEVELS = [
  "same",
  "similar",
  "sounds alike",
  "partly alike",
  "different",
] as const;
export const GIVEN_DIFFERENT = 5;
export const SURNAME_DIFFERENT = 4;
const GIVEN_COUNT = GIVEN_LEVELS.length;
const SURNAME_COUNT = SURNAME_LEVELS.length;
/** Cells of the joint table given × surname, then one for given name and surname in each other's place. */
export const NAME_SWAPPED = GIVEN_COUNT * SURNAME_COUNT;
export const NAME_CELLS = NAME_SWAPPED + 1;
/** Codes behind the cells: only the given names, or only the surnames, could be compared. */
export const GIVEN_ONLY = NAME_CELLS;
export const SURNAME_ONLY = NAME_CELLS + GIVEN_COUNT;
export const NAME_CODES = SURNAME_ONLY + SURNAME_COUNT;

const EXPECTED_GIVEN = [0.72, 0.1, 0.06, 0.04, 0.03, 0.05];
const EXPECTED_SURNAME = [0.84, 0.07, 0.01, 0.02, 0.06];

/** General knowledge: the two parts vary independently; one pair of names in a hundred is swapped. */
export const EXPECTED_NAME_CELLS: readonly number[] = [
  ...EXPECTED_GIVEN.flatMap((given) => EXPECTED_SURNAME.map((surname) => given * surname * 0.99)),
  0.01,
];

const CHANCE_GIVEN = [0.01, 0.004, 0.006, 0.02, 0.01, 0.95];
const CHANCE_SURNAME = [0.001, 0.003, 0.004, 0.004, 0.988];

/** The same for two persons. */
export const CHANCE_NAME_CELLS: readonly number[] = [
  ...CHANCE_GIVEN.flatMap((given) => CHANCE_SURNAME.map((surname) => given * surname)),
  0.00001,
];

/** The cells a code stands for: one, or a row or column of the table where a part is missing. */
export function nameCellsOf(code: number): number[] {
  if (code < NAME_CELLS) return [code];
  const level = code < SURNAME_ONLY ? code - GIVEN_ONLY : code - SURNAME_ONLY;
  return code < SURNAME_ONLY
    ? Array.from({ length: SURNAME_COUNT }, (_, surname) => level * SURNAME_COUNT + surname)
    : Array.from({ length: GIVEN_COUNT }, (_, given) => given * SURNAME_COUNT + level);
}

/** What a code says, for reports. */
export function nameCodeLabel(code: number): string {
  if (code === NAME_SWAPPED) return "given name and surname swapped";
  if (code >= SURNAME_ONLY) return `surname ${SURNAME_LEVELS[code - SURNAME_ONLY]}`;
  if (code >= GIVEN_ONLY) return `given name ${GIVEN_LEVELS[code - GIVEN_ONLY]}`;
  return `given ${GIVEN_LEVELS[Math.floor(code / SURNAME_COUNT)]}, surname ${SURNAME_LEVELS[code % SURNAME_COUNT]}`;
}

export const isGivenExact = (code: number) => code < SURNAME_COUNT || code === GIVEN_ONLY;
export const isSurnameExact = (code: number) =>
  (code < NAME_SWAPPED && code % SURNAME_COUNT === 0) || code === SURNAME_ONLY;

/** The given names were compared and are not of one person. */
export const isGivenDifferent = (code: number) =>
  code === GIVEN_ONLY + GIVEN_DIFFERENT ||
  (code < NAME_SWAPPED && Math.floor(code / SURNAME_COUNT) === GIVEN_DIFFERENT);

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
