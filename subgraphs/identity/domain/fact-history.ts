import { compareText } from "./evidence.ts";
import type { FactSheet, PastValue, SaidValue, SheetFact } from "./fact.ts";

/** Earlier values that are kept of each trait, the newest ones. */
export const pastValuesMax = 20;

/**
 * The fact with one more value in its past: where values changed, newest first, however they came
 * in. The same object when that tells nothing new, as everything does that comes a second time.
 */
export function withPast(fact: SheetFact, said: SaidValue): SheetFact {
  const { was = [], ...now } = fact;
  const isKnown = textOf(now) === textOf(said) || was.some((past) => covers(past, said));
  const isTooOld = was.length === pastValuesMax && said.at < was.at(-1)!.at;
  if (isKnown || isTooOld) return fact;
  const all = [...was.flatMap((past) => partedBy(said, past)), justSaid(said)].sort(newestFirst);
  return { ...now, was: joined(all).slice(0, pastValuesMax) };
}

/** A new value in the place of one that becomes past. */
export function succeeds(said: SaidValue, known: SheetFact): SheetFact {
  const { was, ...before } = known;
  return withPast({ ...justSaid(said), ...(was && { was }) }, before);
}

/** What a sheet said at an instant: of each trait the values until then. */
export function factsUntil(sheet: FactSheet, at: string): FactSheet[] {
  const sheets: Record<string, SheetFact>[] = [];
  for (const [name, { was = [], ...now }] of Object.entries(sheet.facts)) {
    const until = [now, ...was].filter((value) => value.at <= at);
    until.forEach((value, place) => {
      sheets[place] ??= {};
      Object.defineProperty(sheets[place], name, { value: justSaid(value), enumerable: true });
    });
  }
  return sheets.map((facts) => ({ ...sheet, facts }));
}

function covers(past: PastValue, said: SaidValue): boolean {
  const { since = past.at, until = past.at } = past;
  return since <= said.at && said.at <= until && saying(past) === saying(said);
}

/** Something else was said meanwhile: the value was there before, and is back at `until`. */
function partedBy(said: SaidValue, past: PastValue): PastValue[] {
  const { since = past.at, until = past.at } = past;
  if (said.at <= past.at || until <= said.at || saying(past) === saying(said)) return [past];
  return [spanning(past, past.at, since, said.at), spanning(past, until, said.at, until)];
}

/** Neighbours that say the same are one. */
function joined(newestFirst: readonly PastValue[]): PastValue[] {
  const runs: PastValue[] = [];
  for (const past of newestFirst) {
    const later = runs.at(-1);
    if (!later || saying(later) !== saying(past)) runs.push(past);
    else runs[runs.length - 1] = both(past, later);
  }
  return runs;
}

function both(earlier: PastValue, later: PastValue): PastValue {
  const ends = [earlier.until ?? earlier.at, later.until ?? later.at];
  const starts = [earlier.since ?? earlier.at, later.since ?? later.at];
  const [until, since] = [ends.sort(compareText)[1]!, starts.sort(compareText)[0]!];
  return spanning(earlier, earlier.at, since, until);
}

function spanning(said: SaidValue, at: string, since: string, until: string): PastValue {
  return {
    ...justSaid({ ...said, at }),
    ...(since !== at && { since }),
    ...(until !== at && { until }),
  };
}

function justSaid({ value, at, verified }: SaidValue): SaidValue {
  return { value, at, ...(verified && { verified }) };
}

function newestFirst(a: PastValue, b: PastValue): number {
  return compareText(b.at, a.at) || compareText(saying(a), saying(b));
}

function saying({ value, verified }: SaidValue): string {
  return `${verified ?? false} ${JSON.stringify(value)}`;
}

function textOf(value: SaidValue): string {
  return `${value.at} ${saying(value)}`;
}
