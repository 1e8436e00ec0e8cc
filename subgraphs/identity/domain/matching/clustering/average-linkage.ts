/** Candidate pairs with their weights; index by index. */
export interface WeightedPairs {
  readonly lefts: ArrayLike<number>;
  readonly rights: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly pairCount: number;
}

export interface ClusteringSettings {
  /** Groups join while the average of all their cross pairs lies above this. */
  readonly stopAt: number;
  /** Weight of any pair of records, asked for pairs that no blocking rule brought together. */
  readonly weightOf: (left: number, right: number) => number;
  /** False where two groups must stay apart whatever the evidence (one record of each duplicate-free source). */
  readonly mayJoin?: (left: readonly number[], right: readonly number[]) => boolean;
}

interface Group {
  readonly members: number[];
  /** Sum of the cross weights to each neighbouring group. */
  readonly links: Map<number, number>;
}

interface Proposal {
  readonly average: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Agglomerative clustering by average linkage over all cross pairs. A pair that no rule found is scored when its
 * groups meet, so it counts against joining as it deserves. Deterministic: ties go to the smaller indexes.
 */
export function clusterByAverageLinkage(
  recordCount: number,
  pairs: WeightedPairs,
  settings: ClusteringSettings,
): Int32Array {
  const groups = new Map<number, Group>();
  const heap = new ProposalHeap();
  for (let pair = 0; pair < pairs.pairCount; pair++) {
    const [left, right, weight] = [pairs.lefts[pair]!, pairs.rights[pair]!, pairs.weights[pair]!];
    groupOf(groups, left).links.set(right, weight);
    groupOf(groups, right).links.set(left, weight);
    if (weight > settings.stopAt) heap.push({ average: weight, left: Math.min(left, right), right: Math.max(left, right) });
  }
  joinGroups(groups, heap, recordCount, settings);
  return labels(recordCount, groups);
}

function groupOf(groups: Map<number, Group>, record: number): Group {
  let group = groups.get(record);
  if (group === undefined) {
    group = { members: [record], links: new Map() };
    groups.set(record, group);
  }
  return group;
}

function joinGroups(groups: Map<number, Group>, heap: ProposalHeap, recordCount: number, settings: ClusteringSettings): void {
  let nextKey = recordCount;
  for (let proposal = heap.pop(); proposal !== undefined; proposal = heap.pop()) {
    const left = groups.get(proposal.left);
    const right = groups.get(proposal.right);
    if (left === undefined || right === undefined) continue;
    if (settings.mayJoin !== undefined && !settings.mayJoin(left.members, right.members)) continue;
    const key = nextKey++;
    groups.delete(proposal.left);
    groups.delete(proposal.right);
    const joined = joinTwo(groups, [proposal.left, left], [proposal.right, right], key, settings);
    groups.set(key, joined);
    for (const [other, sum] of joined.links) {
      const average = sum / (joined.members.length * groups.get(other)!.members.length);
      if (average > settings.stopAt) heap.push({ average, left: other, right: key });
    }
  }
}

function joinTwo(
  groups: Map<number, Group>,
  [leftKey, left]: [number, Group],
  [rightKey, right]: [number, Group],
  key: number,
  settings: ClusteringSettings,
): Group {
  const links = new Map<number, number>();
  const members = [...left.members, ...right.members];
  for (const other of new Set([...left.links.keys(), ...right.links.keys()])) {
    const group = groups.get(other);
    if (group === undefined) continue;
    const fromLeft = left.links.get(other) ?? sumBetween(left.members, group.members, settings);
    const fromRight = right.links.get(other) ?? sumBetween(right.members, group.members, settings);
    links.set(other, fromLeft + fromRight);
    group.links.delete(leftKey);
    group.links.delete(rightKey);
    group.links.set(key, fromLeft + fromRight);
  }
  return { members, links };
}

function sumBetween(left: readonly number[], right: readonly number[], settings: ClusteringSettings): number {
  let sum = 0;
  for (const one of left) for (const other of right) sum += settings.weightOf(one, other);
  return sum;
}

/** Cluster label by record: the smallest index among its members. */
function labels(recordCount: number, groups: Map<number, Group>): Int32Array {
  const clusters = Int32Array.from({ length: recordCount }, (_, record) => record);
  for (const { members } of groups.values()) {
    const label = Math.min(...members);
    for (const member of members) clusters[member] = label;
  }
  return clusters;
}

/** A binary heap, highest average first; ties by the smaller keys. */
class ProposalHeap {
  readonly #proposals: Proposal[] = [];

  push(proposal: Proposal): void {
    const heap = this.#proposals;
    heap.push(proposal);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) break;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  pop(): Proposal | undefined {
    const heap = this.#proposals;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    heap[0] = last;
    let at = 0;
    for (;;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(heap[child]!, heap[first]!)) first = child;
      }
      if (first === at) return top;
      [heap[at], heap[first]] = [heap[first]!, heap[at]!];
      at = first;
    }
  }
}

function isBefore(left: Proposal, right: Proposal): boolean {
  if (left.average !== right.average) return left.average > right.average;
  return left.left !== right.left ? left.left < right.left : left.right < right.right;
}
