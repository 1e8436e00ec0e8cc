import { compareText } from "./evidence.ts";
import type { FactSheet, SheetFact } from "./golden-record.ts";

/** Earlier values that are kept of each trait, the newest ones. */
export const pastValuesMax = 20;

/** One value as it was said at some time. */
export type PastValue = Pick<SheetFact, "value" | "at" | "verified">;

/**
 * The fact with one more value in its past: where values changed, newest first, however they came
 * in. The same object when that tells nothing new.
 */
export function withPast(fact: SheetFact, other: PastValue): SheetFact {
  const { was = [], ...now } = fact;
  const text = textOf(other);
  if (textOf(now) === text || was.some((value) => textOf(value) === text)) return fact;
  const sorted = [...was, pastValue(other)].sort(newestFirst);
  const changes = sorted.filter((value, place) => {
    const before = sorted[place + 1];
    return before === undefined || saying(before) !== saying(value);
  });
  const kept = changes.slice(0, pastValuesMax);
  return JSON.stringify(kept) === JSON.stringify(was) ? fact : { ...now, was: kept };
}

/** A new value in the place of one that becomes past. */
export function succeeds(fact: PastValue, known: SheetFact): SheetFact {
  const { was, ...before } = known;
  const next = { ...pastValue(fact), ...(was && { was }) };
  return withPast(next, before);
}

/** What a sheet said at an instant: of each trait the values until then. */
export function factsUntil(sheet: FactSheet, at: string): FactSheet[] {
  const sheets: Record<string, SheetFact>[] = [];
  for (const [name, { was = [], ...now }] of Object.entries(sheet.facts)) {
    const until = [now, ...was].filter((value) => value.at <= at);
    until.forEach((value, place) => {
      sheets[place] ??= {};
      Object.defineProperty(sheets[place], name, { value, enumerable: true });
    });
  }
  return sheets.map((facts) => ({ ...sheet, facts }));
}

function pastValue({ value, at, verified }: PastValue): PastValue {
  return { value, at, ...(verified && { verified }) };
}

function newestFirst(a: PastValue, b: PastValue): number {
  return compareText(b.at, a.at) || compareText(saying(a), saying(b));
}

function saying({ value, verified }: PastValue): string {
  return `${verified ?? false} ${JSON.stringify(value)}`;
}

function textOf(value: PastValue): string {
  return `${value.at} ${saying(value)}`;
}
