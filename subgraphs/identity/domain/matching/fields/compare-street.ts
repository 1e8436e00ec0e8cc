import { wordsOf } from "../text/fold-text.ts";
import { isSimilar, isWithinOneEdit } from "../text/string-distance.ts";
import type { FieldComparator } from "./field-comparator.ts";

const ABBREVIATIONS = new Map(
  (
    "st street str strasse rd road ave avenue av avenue dr drive ln lane blvd boulevard bd boulevard ct court " +
    "pl place sq square hwy highway pde parade cres crescent cct circuit tce terrace cl close gr grove " +
    "apt apartment ste suite fl floor bldg building n north s south e east w west ne northeast nw northwest " +
    "se southeast sw southwest r rue c calle v via pza plaza ul ulica"
  )
    .split(" ")
    .reduce<[string, string][]>((pairs, word, at, all) => {
      if (at % 2 === 0) pairs.push([word, all[at + 1]!]);
      return pairs;
    }, []),
);
const STREET_TYPES = new Set([...ABBREVIATIONS.values(), "way", "the", "de", "la", "of"]);
/** A word every address has says little. */
const STREET_TYPE_SHARE = 0.3;
const NUMBER = /\d/;

interface PreparedStreet {
  readonly text: string;
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  /** Bit by word: it only tells what kind of street. */
  readonly types: number;
}

/** Words of an address, abbreviations spelled out, "musterstr." as "muster strasse". */
function streetWords(text: string): string[] {
  return wordsOf(text)
    .flatMap((word) => word.replace(/(.{3,})(strasse|str|straat)$/, "$1 strasse").split(" "))
    .map((word) => ABBREVIATIONS.get(word) ?? word);
}

const BITS = 31;
const typesOf = (words: readonly string[]) =>
  words
    .slice(0, BITS)
    .reduce((bits, word, at) => (STREET_TYPES.has(word) ? bits | (1 << at) : bits), 0);
const isAlike = (left: string, right: string) =>
  left === right ||
  (left.length > 3 &&
    right.length > 3 &&
    (isWithinOneEdit(left, right) || isSimilar(left, right, 0.92)));

/** Which share of the shorter address is found in the longer one, in [0, 1]. */
function containment(left: PreparedStreet, right: PreparedStreet): number {
  const [short, long] = left.words.length <= right.words.length ? [left, right] : [right, left];
  let found = 0;
  let total = 0;
  for (let at = 0; at < short.words.length; at++) {
    const word = short.words[at]!;
    const share = at < BITS && (short.types >>> at) & 1 ? STREET_TYPE_SHARE : 1;
    total += share;
    if (long.words.some((other) => isAlike(word, other))) found += share;
  }
  return total === 0 ? 0 : found / total;
}

function compareStreets(left: PreparedStreet, right: PreparedStreet): number {
  if (left.text === right.text) return 0;
  const share = containment(left, right);
  const hasNumbers = left.numbers.length > 0 && right.numbers.length > 0;
  const isSameNumber = hasNumbers && left.numbers.some((number) => right.numbers.includes(number));
  if (share >= 0.7 && (isSameNumber || (left.numbers.length === 0 && right.numbers.length === 0)))
    return 1;
  if (left.words.length === 0 && right.words.length === 0) {
    return left.text.length > 1 && isWithinOneEdit(left.text, right.text) ? 2 : 4;
  }
  if (share >= 0.7 || isSimilar(left.text, right.text, 0.92)) return 2;
  return share >= 0.4 || isSameNumber ? 3 : 4;
}

/** Streets with or without a house number, house numbers alone, whole addresses on one line. */
export const streetComparator: FieldComparator<PreparedStreet> = {
  levels: ["same", "similar", "similar, number differs", "partly alike", "different"],
  expectedAmongMatches: [0.65, 0.12, 0.05, 0.03, 0.15],
  expectedAmongDifferent: [0.0005, 0.001, 0.01, 0.0485, 0.94],
  canonical: (text) => streetWords(text).join(" "),
  prepare: (text) => {
    const all = text.split(" ");
    const words = all.filter((word) => !NUMBER.test(word));
    return {
      text,
      numbers: all.filter((word) => NUMBER.test(word)),
      words,
      types: typesOf(words),
    };
  },
  compare: compareStreets,
};
