import type { ReadingHints } from "../fields/field-comparator.ts";
import { foldText } from "../text/fold-text.ts";
import type { ColumnProfile } from "./profile-columns.ts";

const THREE_NUMBERS = /^\s*(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?!\d)/;
const SIX_DIGITS = /^(\d\d)(\d\d)(\d\d)$/;
const EIGHT_DIGITS = /^(\d\d)(\d\d)((?:1[5-9]|20)\d\d)$/;
const MOST = 0.8;
/** Births as spreadsheets count them, a century and a half from 1900 on. */
const SPREADSHEET_DAYS_MAX = 55_000;
const SECONDS_MAX = 5e9;

/** How the dates of some columns are to be read: what most values must mean decides about the ambiguous ones. */
export function readingHints(
  columns: readonly string[],
  profiles: readonly ColumnProfile[],
): ReadingHints {
  const values = profiles
    .filter(({ column }) => columns.includes(column))
    .flatMap((profile) => profile.values);
  const order = orderOf(values);
  const counts = unitOf(values);
  return counts === undefined ? order : { ...order, counts };
}

/** The day comes first unless the values say otherwise: 13/4 against 4/13; the year where 80/4/13 stands. */
function orderOf(values: readonly string[]): ReadingHints {
  let [dayFirst, monthFirst, yearFirst, yearLast] = [0, 0, 0, 0];
  for (const value of values) {
    const parts = THREE_NUMBERS.exec(value) ?? SIX_DIGITS.exec(value) ?? EIGHT_DIGITS.exec(value);
    if (parts === null) continue;
    const [first, second, third] = parts.slice(1).map(Number) as [number, number, number];
    if (first > 12) dayFirst++;
    if (second > 12) monthFirst++;
    if (first > 31) yearFirst++;
    if (third > 31) yearLast++;
  }
  const isDayFirst = dayFirst >= monthFirst;
  return yearFirst > yearLast ? { isDayFirst, isYearFirst: true } : { isDayFirst };
}

/** Plain numbers that are no dates as they stand, nearly all of a size that counts days or time. */
function unitOf(values: readonly string[]): ReadingHints["counts"] {
  const numbers = values
    .map((value) => foldText(value).trim().replace(/\.0+$/, ""))
    .filter((value) => /^-?\d+$/.test(value));
  if (numbers.length === 0 || numbers.length < values.length * MOST) return undefined;
  const share = (test: (value: string) => boolean) => numbers.filter(test).length / numbers.length;
  if (share((value) => /^\d{5}$/.test(value) && Number(value) < SPREADSHEET_DAYS_MAX) >= MOST)
    return "days";
  if (share((value) => /^-?\d{11,13}$/.test(value)) >= MOST) return "milliseconds";
  const isTime = (value: string) =>
    /^(-\d{6,10}|\d{7}|\d{9,10})$/.test(value) && Math.abs(Number(value)) < SECONDS_MAX;
  return share(isTime) >= MOST ? "seconds" : undefined;
}
