import { actingPairs } from "./acting-pairs.ts";
import { clusterByAverageLinkage } from "../matching/clustering/average-linkage.ts";
import { PairList } from "../matching/clustering/pair-list.ts";
import { RecordTable } from "../matching/encoding/record-table.ts";
import { DEFAULT_MATCH_SETTINGS } from "../matching/match-records.ts";
import { probabilityOf } from "../matching/scoring/match-band.ts";
import type { MatchingModel } from "../matching/scoring/matching-model.ts";
import { TableScorer } from "../matching/scoring/table-scorer.ts";
import type { CanonicalRecord } from "../matching/schema/record-schema.ts";
import type { ScoredPair } from "./scored-pair.ts";
import type { TrainedModel } from "./trained-model.ts";

/** A record as the matcher compares it. */
export interface ComparedRecord {
  id: number;
  /** Orders records whatever order they came in. */
  name: string;
  canonical: CanonicalRecord;
}

/** What follows from a pair: it makes one person of two records, or somebody is asked, or neither. */
export interface PairVerdict {
  left: number;
  right: number;
  /** How sure it is that they are one person, with all that speaks beside it; 0: it does not act. */
  confidence: number;
  asks: boolean;
}

/** Average odds between two groups above which they join, in bits, at the lowest; pairs below them are not kept. */
export const groupWeightMin = Math.log2(
  DEFAULT_MATCH_SETTINGS.threshold / (1 - DEFAULT_MATCH_SETTINGS.threshold),
);

/** Scores pairs (by place in `records`) as the bulk run does; keeps those that can take part in a group. */
export function scorePairs(
  model: MatchingModel,
  records: readonly ComparedRecord[],
  pairs: readonly (readonly [number, number])[],
): ScoredPair[] {
  const scorer = new TableScorer(model, tableOf(model, records));
  return pairs.flatMap(([one, other]) => {
    const weight = scorer.weight(one, other);
    if (weight <= groupWeightMin) return [];
    const [a, b] = [records[one]!.id, records[other]!.id];
    return {
      left: Math.min(a, b),
      right: Math.max(a, b),
      weight,
      probability: probabilityOf(weight, model.calibration),
      contradicted: scorer.contradicts(one, other),
    };
  });
}

/**
 * Groups connected records by average linkage over all their pairs, weak and missing ones included,
 * and says of each pair what follows. Records and pairs in any order give the same.
 */
export function groupRecords(
  { model, joinsFromBits }: Pick<TrainedModel, "model" | "joinsFromBits">,
  unordered: readonly ComparedRecord[],
  pairs: readonly ScoredPair[],
  bands: { highFrom: number; mediumFrom: number },
): PairVerdict[] {
  const records = [...unordered].sort((a, b) => (a.name < b.name ? -1 : 1));
  const places = new Map(records.map(({ id }, place) => [id, place]));
  const ordered = inOrder(pairs, places);
  const scorer = new TableScorer(model, tableOf(model, records));
  const clusters = clustersOf(scorer, ordered, places, joinsFromBits);
  const clusterOf = ({ left }: ScoredPair) => clusters[places.get(left)!]!;
  const inside = ordered.filter(
    ({ left, right }) => clusters[places.get(left)!] === clusters[places.get(right)!],
  );
  const wordsOf = ({ left, right }: ScoredPair) =>
    scorer.personalWords(places.get(left)!, places.get(right)!);
  const acting = new Map(
    [...Map.groupBy(inside, clusterOf).values()].flatMap((cluster) => [
      ...actingPairs(cluster, bands.highFrom, wordsOf),
    ]),
  );
  const groups = unite(records.length, [...acting.keys()], places);
  const asking = bestBetween(
    ordered.filter(({ probability }) => probability >= bands.mediumFrom),
    (id) => groups[places.get(id)!]!,
  );
  return pairs.map((pair) => ({
    left: pair.left,
    right: pair.right,
    confidence: acting.get(pair) ?? 0,
    asks: asking.has(pair),
  }));
}

/** Pairs in an order that the names of their records alone decide. */
function inOrder(pairs: readonly ScoredPair[], places: ReadonlyMap<number, number>): ScoredPair[] {
  return pairs
    .map((pair) => {
      const [a, b] = [places.get(pair.left)!, places.get(pair.right)!];
      return { pair, low: Math.min(a, b), high: Math.max(a, b) };
    })
    .sort((a, b) => a.low - b.low || a.high - b.high)
    .map(({ pair }) => pair);
}

function tableOf(model: MatchingModel, records: readonly ComparedRecord[]): RecordTable {
  const table = new RecordTable(model.schema);
  for (const { canonical } of records) table.addCanonical(canonical);
  return table;
}

function clustersOf(
  scorer: TableScorer,
  pairs: readonly ScoredPair[],
  places: ReadonlyMap<number, number>,
  stopAt: number,
): Int32Array {
  const list = new PairList();
  for (const { left, right, weight } of pairs) {
    const [a, b] = [places.get(left)!, places.get(right)!];
    list.push(Math.min(a, b), Math.max(a, b), weight);
  }
  return clusterByAverageLinkage(places.size, list, {
    stopAt,
    weightOf: (left, right) => scorer.weight(left, right),
  });
}

/** Group of each place: those that joining pairs connect. */
function unite(
  count: number,
  pairs: readonly ScoredPair[],
  places: ReadonlyMap<number, number>,
): number[] {
  const parents = Array.from({ length: count }, (_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!;
    return root;
  };
  for (const { left, right } of pairs) {
    const [a, b] = [rootOf(places.get(left)!), rootOf(places.get(right)!)];
    if (a !== b) parents[Math.max(a, b)] = Math.min(a, b);
  }
  return parents.map((_, place) => rootOf(place));
}

/** Of each two groups that probable pairs connect, the most probable one: one question, not many. */
function bestBetween(
  pairs: readonly ScoredPair[],
  groupOf: (id: number) => number,
): Set<ScoredPair> {
  const best = new Map<string, ScoredPair>();
  for (const pair of pairs) {
    const [a, b] = [groupOf(pair.left), groupOf(pair.right)];
    if (a === b) continue;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const known = best.get(key);
    if (!known || pair.weight > known.weight) best.set(key, pair);
  }
  return new Set(best.values());
}
