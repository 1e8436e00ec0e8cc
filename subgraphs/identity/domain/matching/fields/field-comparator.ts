/** What one kind of field knows: how a value is written canonically, and how alike two values are. */
export interface FieldComparator<Prepared = unknown> {
  /** One label for each code that `compare` may answer; code 0 is exact agreement. */
  readonly levels: readonly string[];
  /**
   * General knowledge: how often two records of one person show each level; sums to 1. Where a code stands for
   * several cells (see `cellsOf`) these are the cells' shares.
   */
  readonly expectedAmongMatches: readonly number[];
  /** The same for two persons drawn at random; counts only where the data are few. */
  readonly expectedAmongDifferent: readonly number[];
  /** How many observed matches that knowledge counts as; 12 where absent. */
  readonly expectationStrength?: number;
  /** The canonical spelling, "" when the text says nothing. */
  canonical(text: string, hints: ReadingHints): string;
  /** Takes a canonical spelling apart, once per distinct value. */
  prepare(canonical: string): Prepared;
  /** Code of a pair: an index into `levels`. Symmetric. */
  compare(left: Prepared, right: Prepared): number;
  /** Bits for the terms of a value that so many other records bear that they are no typing errors. */
  knownOf?(value: Prepared, isKnown: (term: string) => boolean): number;
  /** The code again with what is known of both values. */
  refine?(code: number, leftKnown: number, rightKnown: number): number;
  /** Cells of the joint table a code sums over; a code is its own cell where this is absent. */
  cellsOf?(code: number): number[];
  /** Values whose rarity counts, each led by its aspect; `[canonical]` where this is absent. */
  termsOf?(value: Prepared): string[];
  /** The terms a pair agrees on; by default the value itself on code 0. */
  agreedTerms?(code: number, left: Prepared, right: Prepared): string[];
}

/** What a whole column tells about how its values are to be read. */
export interface ReadingHints {
  /** 3/4/1980 is the 3rd of April where true, March 4th where false. */
  readonly isDayFirst: boolean;
  /** 80-04-03 and 800403 begin with the year. */
  readonly isYearFirst?: boolean;
  /** Plain numbers count from a beginning: spreadsheet days, or time since 1970. */
  readonly counts?: "days" | "seconds" | "milliseconds";
}

/** Several values of one field in one record (two phones) are joined by this. */
export const VALUE_SEPARATOR = "|";

/** The part of a term before the colon: terms of one aspect are each other's alternatives. */
export function aspectOf(term: string): string {
  return term.slice(0, term.indexOf(":"));
}
