import type { PairList } from "./pair-list.ts";

/** Pairs of one connected part, as positions in the pair list. */
export type PartVisitor = (positions: Int32Array) => void;

/** Splits the pairs into parts that no pair above `weightMin` connects, so that each can be clustered on its own. */
export function forEachConnectedPart(
  recordCount: number,
  pairs: PairList,
  weightMin: number,
  visit: PartVisitor,
): void {
  const roots = unite(recordCount, pairs, weightMin);
  const sizes = new Map<number, number>();
  const inside: number[] = [];
  for (let at = 0; at < pairs.pairCount; at++) {
    const root = roots[pairs.lefts[at]!]!;
    if (root !== roots[pairs.rights[at]!]) continue;
    inside.push(at);
    sizes.set(root, (sizes.get(root) ?? 0) + 1);
  }
  const starts = new Map<number, number>();
  let next = 0;
  for (const [root, size] of sizes) {
    starts.set(root, next);
    next += size;
  }
  const ordered = new Int32Array(inside.length);
  const filled = new Map(starts);
  for (const at of inside) {
    const root = roots[pairs.lefts[at]!]!;
    const slot = filled.get(root)!;
    ordered[slot] = at;
    filled.set(root, slot + 1);
  }
  for (const [root, size] of sizes) {
    const start = starts.get(root)!;
    visit(ordered.subarray(start, start + size));
  }
}

function unite(recordCount: number, pairs: PairList, weightMin: number): Int32Array {
  const parents = Int32Array.from({ length: recordCount }, (_, record) => record);
  const find = (record: number): number => {
    let root = record;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  };
  for (let at = 0; at < pairs.pairCount; at++) {
    if (pairs.weights[at]! <= weightMin) continue;
    const left = find(pairs.lefts[at]!);
    const right = find(pairs.rights[at]!);
    if (left < right) parents[right] = left;
    else if (right < left) parents[left] = right;
  }
  return parents.map((_, record) => find(record));
}
