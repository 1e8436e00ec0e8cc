import { foldText } from "../text/fold-text.ts";
import type { ReadingHints } from "./field-comparator.ts";
import { monthOfWord } from "./month-names.ts";

const TWO_DIGIT_PIVOT = 30;
const BUDDHIST_YEARS = { from: 2380, until: 2600, ahead: 543 };
/** Eras by their first year less one; the numbers of their years follow. */
const ERAS: readonly [RegExp, number][] = [
  [/^(明治|m)(?=[\d元])/, 1867],
  [/^(大正|t)(?=[\d元])/, 1911],
  [/^(昭和|s)(?=[\d元])/, 1925],
  [/^(平成|h)(?=[\d元])/, 1988],
  [/^(令和|r)(?=[\d元])/, 2018],
  [/^(民國|民国)(?=[\d元])/, 1911],
];
/** What software writes where there is no date: the ends of its calendars. */
const NO_DATES: ReadonlySet<string> = new Set(
  "0001-01-01 1111-11-11 1753-01-01 1899-12-30 1899-12-31 2999-12-31 9999-12-31 9999-12-30".split(
    " ",
  ),
);

function fullYear(text: string): string {
  if (text.length > 2) {
    const year = Number(text);
    const { from, until, ahead } = BUDDHIST_YEARS;
    return year >= from && year < until ? String(year - ahead) : text;
  }
  return String((Number(text) < TWO_DIGIT_PIVOT ? 2000 : 1900) + Number(text));
}

function write(year: string, month: string | number, day: string | number): string {
  const told = fullYear(year);
  if (Number(told) === 0) return "";
  const two = (part: string | number) => String(Number(part)).padStart(2, "0");
  // A year of three or five digits has lost or doubled one: filled up it would be another year.
  const written = `${told.length >= 3 ? told : told.padStart(4, "0")}-${two(month)}-${two(day)}`;
  return NO_DATES.has(written) ? "" : written;
}

function readNamedMonth(plain: string): string | undefined {
  const month = plain
    .match(/\p{L}+/gu)
    ?.map(monthOfWord)
    .find((found) => found > 0);
  if (month === undefined) return undefined;
  const numbers = plain.match(/\d+/g) ?? [];
  if (numbers.length === 1)
    return /\p{L}{3}/u.test(plain) ? write(numbers[0]!, month, 0) : undefined;
  if (numbers.length !== 2) return undefined;
  const isYearFirst = numbers[0]!.length > 2;
  const [day, year] = isYearFirst ? [numbers[1]!, numbers[0]!] : [numbers[0]!, numbers[1]!];
  return write(year, month, day);
}

/** Three numbers in the order they stand in; the year is the one of more than two digits, broken or whole. */
function readThree([first, second, third]: [string, string, string], hints: ReadingHints): string {
  const isYearFirst =
    first.length > 2 || (third.length <= 2 && (hints.isYearFirst === true || Number(first) > 31));
  if (isYearFirst) return write(first, second, third);
  const isDay = Number(first) > 12 || (hints.isDayFirst && Number(second) <= 12);
  return isDay ? write(third, second, first) : write(third, first, second);
}

function readNumbers(numbers: readonly string[], hints: ReadingHints): string {
  const [first, second, third] = numbers as [string, string?, string?];
  if (second === undefined) return first.length === 4 ? write(first, 0, 0) : "";
  if (third !== undefined) return readThree([first, second, third], hints);
  if (first.length > 2) return write(first, second, 0);
  return second.length > 2 ? write(second, first, 0) : "";
}

const DAY_MS = 86_400_000;
/** Spreadsheets count days from here. */
const SPREADSHEET_START = Date.UTC(1899, 11, 30);

function readCount(count: number, unit: NonNullable<ReadingHints["counts"]>): string {
  const milliseconds = {
    days: SPREADSHEET_START + count * DAY_MS,
    seconds: count * 1000,
    milliseconds: count,
  }[unit];
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return "";
  return write(String(date.getUTCFullYear()), date.getUTCMonth() + 1, date.getUTCDate());
}

/** Digits without separators: yyyymmdd, ddmmyyyy, yymmdd, ddmmyy, a year. */
function readDigits(digits: string, hints: ReadingHints): string {
  const cut = (...at: number[]) => at.slice(1).map((end, part) => digits.slice(at[part], end));
  if (digits.length === 4) return readNumbers([digits], hints);
  if (digits.length === 6) return readNumbers(cut(0, 2, 4, 6), hints);
  if (digits.length !== 8) return "";
  const isYearFirst = /^(1[5-9]|20|2[45])/.test(digits) && Number(digits.slice(4, 6)) <= 12;
  return readNumbers(isYearFirst ? cut(0, 4, 6, 8) : cut(0, 2, 4, 8), hints);
}

function readEra(plain: string): string {
  for (const [era, before] of ERAS) {
    if (!era.test(plain)) continue;
    const [year, ...rest] = plain.replace(era, "").replace(/^元/, "1").match(/\d+/g) ?? [];
    if (year !== undefined && year.length <= 3)
      return [String(before + Number(year)), ...rest].join("-");
  }
  return plain;
}

/**
 * A date as `yyyy-mm-dd`; 00 for a month or day that is not told. Impossible parts (month 21, a year of three digits)
 * stay as they are: they are typing errors that still carry evidence. "" when it is no date.
 */
export function canonicalDate(text: string, hints: ReadingHints): string {
  const plain = readEra(
    foldText(text)
      .trim()
      .replace(/[t ]\d{1,2}:\d\d.*$/, "")
      .replace(/^(\d{4,})\.0+$/, "$1"),
  );
  const count = /^-?\d+$/.test(plain) ? Number(plain) : Number.NaN;
  if (hints.counts !== undefined && !Number.isNaN(count)) return readCount(count, hints.counts);
  if (/^\d+$/.test(plain)) return readDigits(plain, hints);
  const named = readNamedMonth(plain);
  if (named !== undefined) return named;
  const numbers = plain.match(/\d+/g) ?? [];
  return numbers.length === 0 || numbers.length > 3 || numbers.some((part) => part.length > 5)
    ? ""
    : readNumbers(numbers, hints);
}
