import type { GoldenRecord } from "./golden-record.ts";

/** What may be done with somebody, by purpose and channel. */
export interface UseDecision {
  purpose: string;
  channel: string | null;
  outcome: string;
}

/** How somebody stands: what is known of him, where he belongs, what may be done. */
export interface Standing {
  record: GoldenRecord;
  /** Names. */
  audiences: readonly string[];
  decisions: readonly UseDecision[];
}

/** A person as a set of identifiers, with how he stands. */
export interface StandingGroup {
  keys: readonly string[];
  standing: Standing;
}

/** What may be done with somebody before and after; null where a side knows no such use. */
export interface DecisionShift {
  purpose: string;
  channel: string | null;
  before: string | null;
  after: string | null;
}

/** What another grouping would change. Names ascending. */
export interface Consequences {
  /** Persons that would not stay as they are. */
  persons: number;
  audiencesEntered: string[];
  audiencesLeft: string[];
  destinations: string[];
  /** Only what would be decided otherwise. */
  consentDecisions: DecisionShift[];
}

/**
 * Compares persons with what becomes of them. Who enters an audience is told from the first one
 * that goes into a person; who leaves, from everybody: an audience that nobody of them is in any
 * more was left, whoever was in it.
 */
export function weigh(
  before: readonly StandingGroup[],
  after: readonly StandingGroup[],
): Omit<Consequences, "destinations"> {
  const entered = new Set<string>();
  const left = new Set<string>();
  const shifts = new Map<string, DecisionShift>();
  const places = placesOf(before);
  for (const { keys, standing } of after) {
    const origins = originsOf(keys, places).map((place) => before[place]!.standing);
    const first = origins[0];
    for (const name of standing.audiences) if (!first?.audiences.includes(name)) entered.add(name);
    for (const name of origins.flatMap(({ audiences }) => audiences)) {
      if (!standing.audiences.includes(name)) left.add(name);
    }
    for (const shift of shiftsOf(first?.decisions ?? [], standing.decisions)) {
      if (shift.before !== shift.after) shifts.set(Object.values(shift).join("\u0001"), shift);
    }
  }
  return {
    persons: before.length,
    audiencesEntered: [...entered].sort(),
    audiencesLeft: [...left].sort(),
    consentDecisions: [...shifts.values()],
  };
}

/** Every use that either side knows, in the order in which they are named. */
export function shiftsOf(
  before: readonly UseDecision[],
  after: readonly UseDecision[],
): DecisionShift[] {
  const shifts = new Map<string, DecisionShift>();
  const of = ({ purpose, channel }: UseDecision) => {
    const key = `${purpose}\u0001${channel ?? ""}`;
    const known = shifts.get(key) ?? { purpose, channel, before: null, after: null };
    shifts.set(key, known);
    return known;
  };
  for (const decision of before) of(decision).before = decision.outcome;
  for (const decision of after) of(decision).after = decision.outcome;
  return [...shifts.values()];
}

function placesOf(groups: readonly StandingGroup[]): Map<string, number> {
  return new Map(groups.flatMap(({ keys }, place) => keys.map((key) => [key, place] as const)));
}

/** Where the identifiers come from, the first group first. */
function originsOf(keys: readonly string[], places: ReadonlyMap<string, number>): number[] {
  const found = new Set(keys.flatMap((key) => places.get(key) ?? []));
  return [...found].sort((a, b) => a - b);
}
