/**
 * A bounded memory of answers for pairs of value ids: one slot per hash, the newest answer wins.
 * What it forgets is computed again, so it never changes a result.
 */
export class PairCache {
  readonly #lefts: Int32Array;
  readonly #rights: Int32Array;
  readonly #answers: Float64Array;
  readonly #mask: number;

  /** slotCount must be a power of two; 16 bytes each. */
  constructor(slotCount: number) {
    this.#lefts = new Int32Array(slotCount).fill(-1);
    this.#rights = new Int32Array(slotCount);
    this.#answers = new Float64Array(slotCount);
    this.#mask = slotCount - 1;
  }

  /** The remembered answer of the (unordered) pair, else `compute(left, right)`. */
  get(left: number, right: number, compute: (left: number, right: number) => number): number {
    const low = left < right ? left : right;
    const high = left < right ? right : left;
    let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high + 1, 0x85ebca6b);
    hash = (hash ^ (hash >>> 15)) & this.#mask;
    if (this.#lefts[hash] === low && this.#rights[hash] === high) return this.#answers[hash]!;
    const answer = compute(low, high);
    this.#lefts[hash] = low;
    this.#rights[hash] = high;
    this.#answers[hash] = answer;
    return answer;
  }
}
