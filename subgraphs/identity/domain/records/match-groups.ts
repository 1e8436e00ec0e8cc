import { clusterByAverageLinkage } from "../matching/clustering/average-linkage.ts";
import { PairList } from "../matching/clustering/pair-list.ts";
import { RecordTable } from "../matching/encoding/record-table.ts";
import { DEFAULT_MATCH_SETTINGS } from "../matching/match-records.ts";
import { probabilityOf } from "../matching/scoring/match-band.ts";
import type { MatchingModel } from "../matching/scoring/matching-model.ts";
import { TableScorer } from "../matching/scoring/table-scorer.ts";
import type { CanonicalRecord } from "../matching/schema/record-schema.ts";

/** A record as the matcher compares it. */
export interface ComparedRecord {
  id: number;
  /** Orders records whatever order they came in. */
  name: string;
  canonical: CanonicalRecord;
}

/** Two records and how alike they are; `left` came first. */
export interface ScoredPair {
  left: number;
  right: number;
  /** Bits for (positive) or against. */
  weight: number;
  probability: number;
  /** Something personal speaks against it, however probable it is. */
  contradicted: boolean;
}

/** What follows from a pair: it makes one person of two records, or somebody is asked, or neither. */
export interface PairVerdict {
  left: number;
  right: number;
  joins: boolean;
  asks: boolean;
}

/** Average odds between two groups above which they join, in bits: the same as in the bulk run. */
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
  model: MatchingModel,
  unordered: readonly ComparedRecord[],
  pairs: readonly ScoredPair[],
  bands: { highFrom: number; mediumFrom: number },
): PairVerdict[] {
  const records = [...unordered].sort((a, b) => (a.name < b.name ? -1 : 1));
  const places = new Map(records.map(({ id }, place) => [id, place]));
  const clusters = clustersOf(model, records, pairs, places);
  const acting = pairs.filter(
    ({ left, right, probability, contradicted }) =>
      clusters[places.get(left)!] === clusters[places.get(right)!] &&
      probability >= bands.highFrom &&
      !contradicted,
  );
  const groups = unite(records.length, acting, places);
  const joining = new Set(acting);
  const asking = bestBetween(
    pairs.filter(({ probability }) => probability >= bands.mediumFrom),
    (id) => groups[places.get(id)!]!,
    (id) => places.get(id)!,
  );
  return pairs.map((pair) => ({
    left: pair.left,
    right: pair.right,
    joins: joining.has(pair),
    asks: asking.has(pair),
  }));
}

function tableOf(model: MatchingModel, records: readonly ComparedRecord[]): RecordTable {
  const table = new RecordTable(model.schema);
  for (const { canonical } of records) table.addCanonical(canonical);
  return table;
}

function clustersOf(
  model: MatchingModel,
  records: readonly ComparedRecord[],
  pairs: readonly ScoredPair[],
  places: ReadonlyMap<number, number>,
): Int32Array {
  const scorer = new TableScorer(model, tableOf(model, records));
  const list = new PairList();
  const placed = pairs
    .map(({ left, right, weight }) => {
      const [a, b] = [places.get(left)!, places.get(right)!];
      return { low: Math.min(a, b), high: Math.max(a, b), weight };
    })
    .sort((a, b) => a.low - b.low || a.high - b.high);
  for (const { low, high, weight } of placed) list.push(low, high, weight);
  return clusterByAverageLinkage(records.length, list, {
    stopAt: groupWeightMin,
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
  placeOf: (id: number) => number,
): Set<ScoredPair> {
  const best = new Map<string, ScoredPair>();
  const order = (pair: ScoredPair) =>
    [placeOf(pair.left), placeOf(pair.right)].sort((a, b) => a - b);
  for (const pair of pairs) {
    const groups = [groupOf(pair.left), groupOf(pair.right)].sort((a, b) => a - b);
    if (groups[0] === groups[1]) continue;
    const known = best.get(groups.join());
    const isBetter =
      !known ||
      pair.weight > known.weight ||
      (pair.weight === known.weight && order(pair).join() < order(known).join());
    if (isBetter) best.set(groups.join(), pair);
  }
  return new Set(best.values());
}
