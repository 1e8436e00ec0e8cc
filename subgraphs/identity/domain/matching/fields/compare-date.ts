import { foldText } from "../text/fold-text.ts";
import { isWithinOneEdit } from "../text/string-distance.ts";
import type { FieldComparator, ReadingHints } from "./field-comparator.ts";

interface PreparedDate {
  readonly digits: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const MONTHS: readonly string[][] = [
  ["jan", "gen", "ene", "янв", "sty"],
  ["feb", "fev", "fevr", "lut", "fev"],
  ["mar", "mrz", "maerz", "maa"],
  ["apr", "avr", "abr", "kwi"],
  ["may", "mai", "mag", "mei", "maj"],
  ["jun", "juin", "giu", "cze"],
  ["jul", "juil", "lug", "lip"],
  ["aug", "aou", "ago", "sie"],
  ["sep", "set", "wrz"],
  ["oct", "okt", "ott", "out", "paz"],
  ["nov", "lis"],
  ["dec", "dez", "dic", "gru"],
];

function monthOf(word: string): number {
  for (const length of [5, 4, 3]) {
    const at = MONTHS.findIndex((names) => names.includes(word.slice(0, length)));
    if (at >= 0) return at + 1;
  }
  return 0;
}

const TWO_DIGIT_PIVOT = 30;

function fullYear(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year < TWO_DIGIT_PIVOT ? 2000 + year : 1900 + year;
}

function write(year: number, month: number, day: number): string {
  const padded = (value: number, length: number) => String(value).padStart(length, "0");
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function readNamedMonth(text: string): string {
  const word =
    text
      .match(/\p{L}{3,}/gu)
      ?.map(monthOf)
      .find((month) => month > 0) ?? 0;
  const numbers = text.match(/\d+/g) ?? [];
  if (word === 0) return "";
  if (numbers.length === 1) return write(fullYear(numbers[0]!), word, 0);
  if (numbers.length < 2) return "";
  const isYearFirst = numbers[0]!.length === 4;
  const [day, year] = isYearFirst ? [numbers[1]!, numbers[0]!] : [numbers[0]!, numbers[1]!];
  return write(fullYear(year), word, Number(day));
}

function readNumbers(numbers: string[], isDayFirst: boolean): string {
  const [first, second, third] = numbers as [string, string?, string?];
  if (second === undefined) return first.length === 4 ? write(Number(first), 0, 0) : "";
  if (third === undefined) {
    if (first.length === 4) return write(Number(first), Number(second), 0);
    return second.length === 4 ? write(Number(second), Number(first), 0) : "";
  }
  if (first.length === 4) return write(Number(first), Number(second), Number(third));
  const isDay = Number(first) > 12 || (isDayFirst && Number(second) <= 12);
  return isDay
    ? write(fullYear(third), Number(second), Number(first))
    : write(fullYear(third), Number(first), Number(second));
}

/**
 * A date as `yyyy-mm-dd`; 00 for a month or day that is not told. Impossible parts (month 21) stay as they are:
 * they are typing errors that still carry evidence. "" when it is no date.
 */
export function canonicalDate(text: string, hints: ReadingHints): string {
  const plain = foldText(text)
    .trim()
    .replace(/[t ]\d{1,2}:\d\d.*$/, "");
  if (/\p{L}{3,}/u.test(plain)) return readNamedMonth(plain);
  if (/^\d{8}$/.test(plain)) {
    const isYearFirst = /^(1[5-9]|20)/.test(plain);
    return isYearFirst
      ? readNumbers([plain.slice(0, 4), plain.slice(4, 6), plain.slice(6)], false)
      : readNumbers([plain.slice(0, 2), plain.slice(2, 4), plain.slice(4)], hints.isDayFirst);
  }
  const numbers = plain.match(/\d+/g) ?? [];
  return numbers.length === 0 || numbers.length > 3 || numbers.some((part) => part.length > 4)
    ? ""
    : readNumbers(numbers, hints.isDayFirst);
}

function isImprecise(date: PreparedDate): boolean {
  return date.month === 0 || date.day === 0 || (date.month === 1 && date.day === 1);
}

function isSwapped(left: PreparedDate, right: PreparedDate): boolean {
  return left.year === right.year && left.month === right.day && left.day === right.month;
}

function isYearMonthOnly(left: PreparedDate, right: PreparedDate): boolean {
  return left.month === right.month && (left.day === 0 || right.day === 0);
}

function compareSameYear(left: PreparedDate, right: PreparedDate): number {
  if (left.month === 0 || right.month === 0 || isYearMonthOnly(left, right)) return 3;
  if (isImprecise(left) !== isImprecise(right)) return 3;
  return left.month === right.month || left.day === right.day ? 4 : 6;
}

function compareDates(left: PreparedDate, right: PreparedDate): number {
  if (left.digits === right.digits) return 0;
  if (isSwapped(left, right)) return 1;
  const isRough = isImprecise(left) || isImprecise(right);
  if (!isRough && isWithinOneEdit(left.digits, right.digits)) return 2;
  if (left.year === right.year) return compareSameYear(left, right);
  if (!isRough && left.month === right.month && left.day === right.day) return 5;
  const isOneEdit = isWithinOneEdit(left.digits, right.digits);
  const apart = Math.abs(left.year - right.year);
  if (isOneEdit || apart <= 2) return 7;
  return apart <= 10 ? 8 : 9;
}

/** Birth dates and other days: typing errors, swapped day and month, and dates known only by their year. */
export const dateComparator: FieldComparator<PreparedDate> = {
  levels: [
    "same day",
    "day and month swapped",
    "one digit apart",
    "same year, one imprecise",
    "same year and month or day",
    "same day and month",
    "same year",
    "years close or one digit apart",
    "within ten years",
    "different",
  ],
  expectedAmongMatches: [0.8, 0.01, 0.06, 0.025, 0.03, 0.015, 0.015, 0.02, 0.01, 0.015],
  expectedAmongDifferent: [
    0.00005, 0.00002, 0.0005, 0.003, 0.003, 0.003, 0.01243, 0.058, 0.2, 0.72,
  ],
  canonical: canonicalDate,
  prepare: (canonical) => {
    const [year, month, day] = canonical.split("-").map(Number) as [number, number, number];
    return { digits: canonical.replaceAll("-", ""), year, month, day };
  },
  compare: compareDates,
};
