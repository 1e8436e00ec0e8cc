import type { BlockIndex } from "../blocking/block-index.ts";
import type { RecordTable } from "../encoding/record-table.ts";

/** Some pairs of a table, index by index. */
export interface PairSample {
  readonly lefts: number[];
  readonly rights: number[];
  /** Pairs there were to choose from. */
  readonly seen: number;
}

/** Pairs of a table that may be of one person at all. */
export interface PairSpace {
  readonly mayMatch: (left: number, right: number) => boolean;
  /** How many there are. */
  readonly pairCount: number;
}

/** All pairs, or those across sources where sources are linked. */
export function pairSpace(table: RecordTable, isLinked: boolean): PairSpace {
  const all = (table.size * (table.size - 1)) / 2;
  if (!isLinked) return { mayMatch: () => true, pairCount: all };
  const sizes = new Map<number, number>();
  for (let record = 0; record < table.size; record++) {
    sizes.set(table.sourceOf(record), (sizes.get(table.sourceOf(record)) ?? 0) + 1);
  }
  const within = [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  return {
    mayMatch: (left, right) => table.sourceOf(left) !== table.sourceOf(right),
    pairCount: all - within,
  };
}

/** Pairs drawn from the whole table: nearly all of different persons. */
export function randomPairs(
  table: RecordTable,
  countMax: number,
  random: () => number,
): PairSample {
  const all = (table.size * (table.size - 1)) / 2;
  const lefts: number[] = [];
  const rights: number[] = [];
  if (all <= countMax) {
    for (let left = 0; left < table.size; left++) {
      for (let right = left + 1; right < table.size; right++) {
        lefts.push(left);
        rights.push(right);
      }
    }
    return { lefts, rights, seen: all };
  }
  for (let pair = 0; pair < countMax; pair++) {
    const left = Math.floor(random() * table.size);
    const right = Math.floor(random() * (table.size - 1));
    lefts.push(left);
    rights.push(right < left ? right : right + 1);
  }
  return { lefts, rights, seen: all };
}

class Reservoir {
  readonly lefts: number[] = [];
  readonly rights: number[] = [];
  seen = 0;
  readonly #countMax: number;
  readonly #random: () => number;

  constructor(countMax: number, random: () => number) {
    this.#countMax = countMax;
    this.#random = random;
  }

  offer(left: number, right: number): void {
    const at =
      this.seen++ < this.#countMax ? this.seen - 1 : Math.floor(this.#random() * this.seen);
    if (at >= this.#countMax) return;
    this.lefts[at] = left;
    this.rights[at] = right;
  }
}

/** A fair sample of the candidate pairs of all rules. */
export function candidatePairs(
  blocks: BlockIndex,
  space: PairSpace,
  countMax: number,
  random: () => number,
): PairSample {
  const share = Math.min(1, (2 * countMax) / Math.max(1, blocks.countPairs()));
  const reservoir = new Reservoir(countMax, random);
  blocks.forEachSampledPair(share, (left, right) => {
    if (space.mayMatch(left, right)) reservoir.offer(left, right);
  });
  return { lefts: reservoir.lefts, rights: reservoir.rights, seen: reservoir.seen / share };
}

/** A fair sample of the pairs of one rule. */
export function rulePairs(
  blocks: BlockIndex,
  space: PairSpace,
  rule: number,
  countMax: number,
  random: () => number,
): PairSample {
  const reservoir = new Reservoir(countMax, random);
  blocks.forEachPairOfRule(rule, (left, right) => {
    if (space.mayMatch(left, right)) reservoir.offer(left, right);
  });
  return reservoir;
}
