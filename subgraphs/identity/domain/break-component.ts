import { compareText, type Evidence } from "./evidence.ts";

interface Tied {
  identifiers: readonly { key: string; generic: boolean }[];
  evidence: readonly Evidence[];
}

/**
 * The values that hold too much together: those with most ties, as few of them as leave no part of
 * more than `edgesMax` ties. The same for the same evidence, in whatever order it came.
 */
export function hubsOf({ identifiers, evidence }: Tied, edgesMax: number): string[] {
  const plain = new Set(identifiers.filter(({ generic }) => !generic).map(({ key }) => key));
  const ties = evidence.filter(({ low, high }) => plain.has(low) && plain.has(high));
  const degrees = new Map<string, number>();
  for (const { low, high } of ties) {
    for (const key of [low, high]) degrees.set(key, (degrees.get(key) ?? 0) + 1);
  }
  const busiest = [...degrees]
    .sort(([a, x], [b, y]) => y - x || compareText(a, b))
    .map(([key]) => key);
  // More hubs never leave a larger part: the least number that is enough can be halved out.
  let [enough, tooFew] = [busiest.length, 0];
  if (largestPart(ties, new Set()) <= edgesMax) return [];
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (largestPart(ties, new Set(busiest.slice(0, middle))) <= edgesMax) enough = middle;
    else tooFew = middle;
  }
  return busiest.slice(0, enough);
}

/** Ties of the largest part that hangs together when some values are left out. */
function largestPart(ties: readonly Evidence[], without: ReadonlySet<string>): number {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    for (let at = key; at !== root; ) {
      const next = parents.get(at)!;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  const left = ties.filter(({ low, high }) => !without.has(low) && !without.has(high));
  for (const { low, high } of left) {
    const [a, b] = [rootOf(low), rootOf(high)];
    if (a !== b) parents.set(a, b);
  }
  const sizes = new Map<string, number>();
  for (const { low } of left) sizes.set(rootOf(low), (sizes.get(rootOf(low)) ?? 0) + 1);
  return [...sizes.values()].reduce((most, size) => Math.max(most, size), 0);
}
