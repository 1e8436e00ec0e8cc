import { forEachConnectedPart } from "./connected-parts.ts";
import type { PairList } from "./pair-list.ts";
import { ProposalHeap } from "./proposal-heap.ts";

export interface ClusteringSettings {
  /** Groups join while the average weight of all their cross pairs, in bits, lies above this. */
  readonly stopAt: number;
  /** Weight of any pair of records; asked for pairs that no blocking rule brought together. */
  readonly weightOf: (left: number, right: number) => number;
  /** Told the average weight of each join. */
  readonly onJoin?: (average: number) => void;
  /** False where two groups must stay apart whatever the evidence (one record of each duplicate-free source). */
  readonly mayJoin?: (left: readonly number[], right: readonly number[]) => boolean;
}

/** One pair counts by so many bits at most, for or against: a single certain pair does not outvote a whole group. */
export const VOTE_MAX_BITS = 8;
/**
 * Two groups join under a higher bar each time the smaller one doubles: an average over many pairs has little noise
 * left to excuse it, and joining two groups by mistake costs the most.
 */
const GROUP_CARE_BITS = 0.5;
/** Cross pairs that are looked at when two large groups meet. */
const CROSS_PAIRS_MAX = 2_000;

const vote = (weight: number) => Math.max(-VOTE_MAX_BITS, Math.min(VOTE_MAX_BITS, weight));

interface Group {
  readonly members: readonly number[];
  /** Sum of the votes to each neighbouring group. */
  readonly links: Map<number, number>;
}

/**
 * Agglomerative clustering by average linkage over all cross pairs. A pair that no rule found is scored when its
 * groups meet, so it counts against joining as it deserves. Deterministic: ties go to the smaller indexes.
 * Answers a label by record: the smallest index among the members of its cluster.
 */
export function clusterByAverageLinkage(
  recordCount: number,
  pairs: PairList,
  settings: ClusteringSettings,
): Int32Array {
  const labels = Int32Array.from({ length: recordCount }, (_, record) => record);
  forEachConnectedPart(recordCount, pairs, settings.stopAt, (positions) => {
    const part = new LinkagePart(settings, recordCount);
    for (const at of positions)
      part.addPair(pairs.lefts[at]!, pairs.rights[at]!, vote(pairs.weights[at]!));
    for (const members of part.join()) {
      const label = members.reduce((least, member) => Math.min(least, member));
      for (const member of members) labels[member] = label;
    }
  });
  return labels;
}

/** One connected part on its way from single records to groups. */
class LinkagePart {
  readonly #groups = new Map<number, Group>();
  readonly #heap = new ProposalHeap();
  readonly #settings: ClusteringSettings;
  #nextKey: number;

  constructor(settings: ClusteringSettings, recordCount: number) {
    this.#settings = settings;
    this.#nextKey = recordCount;
  }

  addPair(left: number, right: number, weight: number): void {
    this.#groupOf(left).links.set(right, weight);
    this.#groupOf(right).links.set(left, weight);
    this.#propose(weight, 1, Math.min(left, right), Math.max(left, right));
  }

  /** Joins while there is a pair of groups above the stop; answers the members of each group. */
  join(): (readonly number[])[] {
    for (let next = this.#heap.pop(); next !== undefined; next = this.#heap.pop()) {
      const left = this.#groups.get(next.left);
      const right = this.#groups.get(next.right);
      if (left === undefined || right === undefined) continue;
      if (this.#settings.mayJoin?.(left.members, right.members) === false) continue;
      this.#settings.onJoin?.(next.average);
      this.#joinTwo(next.left, left, next.right, right);
    }
    return [...this.#groups.values()].map((group) => group.members);
  }

  #joinTwo(leftKey: number, left: Group, rightKey: number, right: Group): void {
    const key = this.#nextKey++;
    const joined: Group = { members: [...left.members, ...right.members], links: new Map() };
    this.#groups.delete(leftKey);
    this.#groups.delete(rightKey);
    for (const otherKey of new Set([...left.links.keys(), ...right.links.keys()])) {
      const other = this.#groups.get(otherKey);
      if (other === undefined) continue;
      const fromLeft = left.links.get(otherKey) ?? this.#sumBetween(left.members, other.members);
      const fromRight = right.links.get(otherKey) ?? this.#sumBetween(right.members, other.members);
      const sum = fromLeft + fromRight;
      joined.links.set(otherKey, sum);
      other.links.delete(leftKey);
      other.links.delete(rightKey);
      other.links.set(key, sum);
      const average = sum / (joined.members.length * other.members.length);
      this.#propose(average, Math.min(joined.members.length, other.members.length), otherKey, key);
    }
    this.#groups.set(key, joined);
  }

  /** `size` is that of the smaller group: the more records speak, the clearer they must. */
  #propose(average: number, size: number, left: number, right: number): void {
    if (average > this.#settings.stopAt + GROUP_CARE_BITS * Math.log2(size))
      this.#heap.push({ average, left, right });
  }

  #groupOf(record: number): Group {
    let group = this.#groups.get(record);
    if (group === undefined) {
      group = { members: [record], links: new Map() };
      this.#groups.set(record, group);
    }
    return group;
  }

  #sumBetween(left: readonly number[], right: readonly number[]): number {
    const all = left.length * right.length;
    const step = Math.max(1, Math.floor(all / CROSS_PAIRS_MAX));
    let sum = 0;
    let asked = 0;
    for (let at = 0; at < all; at += step) {
      sum += vote(
        this.#settings.weightOf(left[at % left.length]!, right[Math.floor(at / left.length)]!),
      );
      asked++;
    }
    return (sum / asked) * all;
  }
}
