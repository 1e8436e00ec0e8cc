import { isWithinOneEdit } from "../text/string-distance.ts";
import type { FieldComparator } from "./field-comparator.ts";
import { canonicalDate } from "./read-date.ts";

/** A date taken apart; 0 where a part is not told. */
export interface PreparedDate {
  readonly digits: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
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
