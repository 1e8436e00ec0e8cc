import { BlockIndex } from "./blocking/block-index.ts";
import { clusterByAverageLinkage } from "./clustering/average-linkage.ts";
import { PairList } from "./clustering/pair-list.ts";
import { stopWhereJoinsAreRight } from "./clustering/stop-where-right.ts";
import { forgetGenericValues } from "./encoding/generic-values.ts";
import type { RecordTable } from "./encoding/record-table.ts";
import type { MatchingModel } from "./scoring/matching-model.ts";
import { TableScorer } from "./scoring/table-scorer.ts";
import { calibrate } from "./training/calibrate.ts";
import { type PairSpace, pairSpace } from "./training/pair-samples.ts";
import { trainModel } from "./training/train-model.ts";

/** What a run does, in order; told with its share of the work done, in [0, 1]. */
export type MatchStage = "blocking" | "learning" | "scoring" | "clustering";

export interface MatchSettings {
  readonly seed: number;
  /** Groups join while the average odds between their records lie above this probability, at the lowest. */
  readonly threshold: number;
  /** Only records of different sources are compared. */
  readonly isLinked: boolean;
  /** No source holds a person twice: a cluster takes one record of each. */
  readonly isOneToOne: boolean;
  /** A trained model to use in place of learning one. */
  readonly model?: MatchingModel;
  readonly onProgress?: (stage: MatchStage, share: number) => void;
}

export const DEFAULT_MATCH_SETTINGS = {
  seed: 1,
  threshold: 0.2,
  isLinked: false,
  isOneToOne: false,
} as const;

interface Clustering {
  readonly clusters: Int32Array;
  readonly threshold: number;
  /** Clusters by the odds of the model alone: what the calibration is held against. */
  readonly ownView: Int32Array;
}

export interface MatchResult {
  readonly model: MatchingModel;
  /** The probability above which groups were joined: that of the settings, or higher. */
  readonly threshold: number;
  /** Cluster by record: the table index of its first member. */
  readonly clusters: Int32Array;
  /** Scored candidate pairs from `KEPT_WEIGHT_MIN` on. */
  readonly pairs: PairList;
  /** Candidate pairs that were compared. */
  readonly comparedPairs: number;
}

/** Pairs below this many bits (1 : 64) are not kept; when their groups meet they are scored again. */
export const KEPT_WEIGHT_MIN = -6;

/** Finds which records are of one person: blocking, learning, scoring, clustering. Pure and deterministic. */
export function matchRecords(table: RecordTable, settings: MatchSettings): MatchResult {
  const tell = settings.onProgress ?? (() => {});
  tell("blocking", 0);
  if (settings.model === undefined) forgetGenericValues(table);
  const run = new MatchRun(table, new BlockIndex(table), settings, tell);
  if (settings.model !== undefined) return run.apply(settings.model);
  return run.learnAndApply();
}

class MatchRun {
  readonly #table: RecordTable;
  readonly #blocks: BlockIndex;
  readonly #settings: MatchSettings;
  readonly #tell: (stage: MatchStage, share: number) => void;
  readonly #space: PairSpace;

  constructor(
    table: RecordTable,
    blocks: BlockIndex,
    settings: MatchSettings,
    tell: (stage: MatchStage, share: number) => void,
  ) {
    this.#table = table;
    this.#blocks = blocks;
    this.#settings = settings;
    this.#tell = tell;
    this.#space = pairSpace(table, settings.isLinked);
  }

  apply(model: MatchingModel): MatchResult {
    const { pairs, scorer, comparedPairs } = this.#score(model);
    const { clusters, threshold } = this.#cluster(pairs, scorer);
    this.#tell("clustering", 1);
    return { model, clusters, threshold, pairs, comparedPairs };
  }

  learnAndApply(): MatchResult {
    this.#tell("learning", 0);
    const { seed } = this.#settings;
    const learned = trainModel(this.#table, this.#blocks, this.#space, seed);
    this.#tell("learning", 1);
    const { pairs, scorer, comparedPairs } = this.#score(learned);
    const { clusters, threshold, ownView } = this.#cluster(pairs, scorer);
    const model = { ...learned, calibration: this.#calibrate(pairs, ownView) };
    this.#tell("clustering", 1);
    return { model, clusters, threshold, pairs, comparedPairs };
  }

  #score(model: MatchingModel) {
    const scorer = new TableScorer(model, this.#table);
    const pairs = new PairList();
    const ruleCount = this.#blocks.rules.length;
    let comparedPairs = 0;
    this.#blocks.forEachPair(
      (left, right) => {
        if (!this.#space.mayMatch(left, right)) return;
        comparedPairs++;
        const weight = scorer.weight(left, right);
        if (weight > KEPT_WEIGHT_MIN) pairs.push(left, right, weight);
      },
      (rule) => this.#tell("scoring", rule / ruleCount),
    );
    return { pairs, scorer, comparedPairs };
  }

  /**
   * Clusters, and once more above a higher bar where the joins near the first were mostly guesses: a file that tells
   * little (half of it empty, names alone) is not to be joined by the same odds as one that tells much.
   */
  #cluster(pairs: PairList, scorer: TableScorer): Clustering {
    this.#tell("clustering", 0);
    const { threshold } = this.#settings;
    const lowest = Math.log2(threshold / (1 - threshold));
    const joins: number[] = [];
    const clusters = this.#clusterFrom(lowest, pairs, scorer, (average) => joins.push(average));
    const stopAt = stopWhereJoinsAreRight(joins, lowest);
    const settled = stopAt === lowest ? clusters : this.#clusterFrom(stopAt, pairs, scorer);
    return { clusters: settled, threshold: 1 / (1 + 2 ** -stopAt), ownView: clusters };
  }

  #clusterFrom(
    stopAt: number,
    pairs: PairList,
    scorer: TableScorer,
    onJoin: (average: number) => void = () => {},
  ): Int32Array {
    return clusterByAverageLinkage(this.#table.size, pairs, {
      stopAt,
      onJoin,
      weightOf: (left, right) => scorer.weight(left, right),
      ...(this.#settings.isOneToOne
        ? { mayJoin: (left, right) => this.#hasNoSourceTwice(left, right) }
        : {}),
    });
  }

  #hasNoSourceTwice(left: readonly number[], right: readonly number[]): boolean {
    return !left.some((one) =>
      right.some((other) => this.#table.sourceOf(one) === this.#table.sourceOf(other)),
    );
  }

  #calibrate(pairs: PairList, clusters: Int32Array) {
    const weights = pairs.weights.subarray(0, pairs.pairCount);
    const isMatch = Uint8Array.from(weights, (_, at) =>
      clusters[pairs.lefts[at]!] === clusters[pairs.rights[at]!] ? 1 : 0,
    );
    return calibrate(weights, isMatch);
  }
}
