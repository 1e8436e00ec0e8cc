/** How a partition compares with the truth. */
export interface PartitionQuality {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly bCubedPrecision: number;
  readonly bCubedRecall: number;
  readonly bCubedF1: number;
  readonly truePairs: number;
  readonly foundPairs: number;
}

const pairsOf = (size: number) => (size * (size - 1)) / 2;
const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
const harmonic = (left: number, right: number) =>
  left + right === 0 ? 0 : (2 * left * right) / (left + right);

function tally(labels: ArrayLike<string | number>): Map<string | number, number> {
  const sizes = new Map<string | number, number>();
  for (let at = 0; at < labels.length; at++)
    sizes.set(labels[at]!, (sizes.get(labels[at]!) ?? 0) + 1);
  return sizes;
}

/** Pair precision, recall, F1 and B³ of found clusters against true ones; both by record. */
export function evaluatePartition(
  found: ArrayLike<string | number>,
  truth: ArrayLike<string | number>,
): PartitionQuality {
  const cells = new Map<string, { size: number; found: string | number; truth: string | number }>();
  for (let at = 0; at < found.length; at++) {
    const key = `${found[at]}\u0000${truth[at]}`;
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, { size: 1, found: found[at]!, truth: truth[at]! });
    else cell.size++;
  }
  const foundSizes = tally(found);
  const truthSizes = tally(truth);
  let both = 0;
  let bCubedPrecision = 0;
  let bCubedRecall = 0;
  for (const cell of cells.values()) {
    both += pairsOf(cell.size);
    bCubedPrecision += cell.size ** 2 / foundSizes.get(cell.found)!;
    bCubedRecall += cell.size ** 2 / truthSizes.get(cell.truth)!;
  }
  const foundPairs = [...foundSizes.values()].reduce((sum, size) => sum + pairsOf(size), 0);
  const truePairs = [...truthSizes.values()].reduce((sum, size) => sum + pairsOf(size), 0);
  const [precision, recall] = [share(both, foundPairs), share(both, truePairs)];
  const [bP, bR] = [bCubedPrecision / found.length, bCubedRecall / found.length];
  return {
    precision,
    recall,
    f1: harmonic(precision, recall),
    bCubedPrecision: bP,
    bCubedRecall: bR,
    bCubedF1: harmonic(bP, bR),
    truePairs,
    foundPairs,
  };
}
