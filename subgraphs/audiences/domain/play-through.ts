import type { Condition } from "./compiled-rule.ts";
import { evaluateRule, type PersonFacts } from "./evaluate-rule.ts";
import type { EventFact, EventHistory } from "./event-history.ts";

/** The stretch of time to be played, and what stood before it. */
export interface Play {
  wasMember: boolean;
  /** Epoch ms, both included. */
  fromMs: number;
  untilMs: number;
  /**
   * When events became known, by position: before that instant they do not count, whatever their
   * own time is. All others were known from the beginning.
   */
  knownAtMs: ReadonlyMap<number, number>;
}

/** An instant at which the answer became another one. */
export interface Turn {
  isMember: boolean;
  atMs: number;
  /** What was known changed then; otherwise time alone brought it. */
  isByFact: boolean;
}

/** The turns in their order, and the next instant at which one may come with no event. */
export interface Played {
  turns: Turn[];
  /** Not after `untilMs` where the facts that were read end before it: ask again from there. */
  changesAtMs: number | null;
}

/**
 * Events looked at in one play. Of somebody with so many that it would be more, not every instant is
 * told apart: some of the new events count with the next.
 */
const lookedAtMax = 20_000;

export const allKnown: Play["knownAtMs"] = new Map();

/**
 * Plays time forward as if somebody had watched all along: every instant at which a window ran
 * out or a new event changed the answer, however late it is looked at. What was known changes at
 * `fromMs` itself and whenever an event became known.
 */
export function playThrough(rule: Condition, facts: PersonFacts, play: Play): Played {
  const starts = [play.fromMs, ...arrivals(facts, play)];
  const played: Played = { turns: [], changesAtMs: null };
  let isMember = play.wasMember;
  for (const [place, startMs] of starts.entries()) {
    const known = starts.length === 1 ? facts : factsKnownAt(facts, startMs, play.knownAtMs);
    const completeUntilMs = completeUntil(known);
    const endMs = starts[place + 1] ?? play.untilMs + 1;
    for (let atMs = startMs; ; atMs = played.changesAtMs) {
      const answer = evaluateRule(rule, known, atMs);
      if (answer.isMember !== isMember) {
        isMember = answer.isMember;
        played.turns.push({ isMember, atMs, isByFact: atMs === startMs });
      }
      played.changesAtMs = answer.changesAtMs;
      if (played.changesAtMs === null || played.changesAtMs >= endMs) break;
      if (played.changesAtMs >= completeUntilMs) return played;
    }
  }
  return played;
}

/** The instants within the play at which events became known, ascending; the last is among them. */
function arrivals(facts: PersonFacts, { fromMs, untilMs, knownAtMs }: Play): number[] {
  if (knownAtMs.size === 0) return [];
  const found = new Set<number>();
  let count = 0;
  for (const history of facts.events.values()) {
    count += history.facts.length;
    for (const { position } of history.facts) {
      const at = knownAtMs.get(position);
      if (at !== undefined && at > fromMs && at <= untilMs) found.add(at);
    }
  }
  const instants = [...found].sort((a, b) => a - b);
  const step = Math.ceil((instants.length * count) / lookedAtMax);
  return instants.filter((_, place) => (instants.length - 1 - place) % step === 0);
}

function factsKnownAt(
  { traits, events }: PersonFacts,
  atMs: number,
  knownAtMs: Play["knownAtMs"],
): PersonFacts {
  const isKnown = ({ position }: EventFact) => (knownAtMs.get(position) ?? atMs) <= atMs;
  const known = new Map<string, EventHistory>();
  for (const [name, history] of events) {
    known.set(name, { ...history, facts: history.facts.filter(isKnown) });
  }
  return { traits, events: known };
}

function completeUntil({ events }: PersonFacts): number {
  let untilMs = Number.POSITIVE_INFINITY;
  for (const history of events.values()) untilMs = Math.min(untilMs, history.knownUntilMs);
  return untilMs;
}
