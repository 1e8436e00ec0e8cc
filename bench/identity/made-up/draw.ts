import { seededRandom } from "../../../subgraphs/identity/domain/matching/encoding/seeded-random.ts";

/** Seeded draws: the same seed draws the same. */
export class Draw {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  /** A whole number in [from, until). */
  number(from: number, until: number): number {
    return from + Math.floor(this.random() * (until - from));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }

  digits(count: number): string {
    let digits = "";
    while (digits.length < count) digits += String(this.number(0, 10));
    return digits;
  }

  shuffle<T>(list: T[]): T[] {
    for (let at = list.length - 1; at > 0; at--) {
      const other = this.number(0, at + 1);
      [list[at], list[other]] = [list[other]!, list[at]!];
    }
    return list;
  }
}

/** Ranks as frequent as names and places are: the share of rank r is about 1 / (r + offset). */
export class ZipfRanks {
  readonly #sums: Float64Array;

  constructor(count: number, offset: number) {
    this.#sums = new Float64Array(count);
    let sum = 0;
    for (let rank = 0; rank < count; rank++) {
      sum += 1 / (rank + offset);
      this.#sums[rank] = sum;
    }
  }

  draw(draw: Draw): number {
    const wanted = draw.random() * this.#sums.at(-1)!;
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
