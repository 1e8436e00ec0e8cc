import type { PersonalWord } from "../matching/scoring/combine-weights.ts";
import type { ScoredPair } from "./scored-pair.ts";

/** What a pair that contradicts itself in person can count for: alone it never decides. */
const contradictedMax = 0.6;
/** Pairs between two groups that speak together; more of them say the same again. */
const speakersMax = 3;

interface Meeting {
  one: number;
  other: number;
  pairs: ScoredPair[];
}

/**
 * Which pairs of one cohesive cluster act, and how sure each is. Groups join, surest first, while
 * the pairs between them say so for certain: one that nothing speaks against, or three that agree.
 * Where something personal speaks against any of them (another birth date, another given name), each
 * counts little, so that a twin is not let in by a record that does not tell; a pair that agrees on
 * the very thing counts in full, so that a misspelt name keeps no other record out. What joins two
 * groups is as sure as they are together. `wordsOf`: what each field says of a pair in person.
 */
export function actingPairs(
  cluster: readonly ScoredPair[],
  highFrom: number,
  wordsOf: (pair: ScoredPair) => readonly PersonalWord[],
): Map<ScoredPair, number> {
  const groups = new Map(cluster.flatMap(({ left, right }) => [left, right].map((id) => [id, id])));
  const acting = new Map<ScoredPair, number>();
  for (;;) {
    const meetings = meetingsOf(cluster, groups);
    let best: { meeting: Meeting; sure: number } | null = null;
    for (const meeting of meetings) {
      const sure = surenessOf(meeting.pairs, wordsOf);
      if (sure >= highFrom && (!best || sure > best.sure)) best = { meeting, sure };
    }
    if (!best) break;
    const { meeting, sure } = best;
    for (const [pair, confidence] of tiesOf(meeting, sure, highFrom)) acting.set(pair, confidence);
    for (const [id, group] of groups) if (group === meeting.other) groups.set(id, meeting.one);
  }
  return acting;
}

/** Groups that pairs lie between, in the order of the pairs. */
function meetingsOf(
  cluster: readonly ScoredPair[],
  groups: ReadonlyMap<number, number>,
): Iterable<Meeting> {
  const meetings = new Map<string, Meeting>();
  for (const pair of cluster) {
    const [a, b] = [groups.get(pair.left)!, groups.get(pair.right)!];
    if (a === b) continue;
    const [one, other] = a < b ? [a, b] : [b, a];
    const known = meetings.get(`${one} ${other}`);
    if (known) known.pairs.push(pair);
    else meetings.set(`${one} ${other}`, { one, other, pairs: [pair] });
  }
  return meetings.values();
}

function surenessOf(
  pairs: readonly ScoredPair[],
  wordsOf: (pair: ScoredPair) => readonly PersonalWord[],
): number {
  const against = pairs.filter(({ contradicted }) => contradicted).map(wordsOf);
  const isSettledBy = (pair: ScoredPair) =>
    !pair.contradicted &&
    wordsOf(pair).every(
      (word, field) => word === "FOR" || against.every((words) => words[field] !== "AGAINST"),
    );
  const doubts = pairs
    .map((pair) => {
      const isDoubted = against.length > 0 && !isSettledBy(pair);
      return 1 - Math.min(pair.probability, isDoubted ? contradictedMax : 1);
    })
    .sort((a, b) => a - b)
    .slice(0, speakersMax);
  return 1 - doubts.reduce((product, doubt) => product * doubt, 1);
}

/** The strongest pair of the meeting, and all others that would have done alone. */
function tiesOf({ pairs }: Meeting, sure: number, highFrom: number): [ScoredPair, number][] {
  const strongest = pairs.reduce((best, pair) => (isStronger(pair, best) ? pair : best));
  const others = pairs.filter(
    (pair) => pair !== strongest && !pair.contradicted && pair.probability >= highFrom,
  );
  const own = strongest.contradicted ? 0 : strongest.probability;
  return [
    [strongest, Math.max(sure, own)],
    ...others.map((pair): [ScoredPair, number] => [pair, pair.probability]),
  ];
}

function isStronger(pair: ScoredPair, best: ScoredPair): boolean {
  if (pair.contradicted !== best.contradicted) return best.contradicted;
  return pair.weight > best.weight;
}
