/** A slot holds both ids (four bytes each) and the answer (eight), side by side: one look into far memory. */
const INTS_PER_SLOT = 4;
const NUMBERS_PER_SLOT = 2;

/**
 * A bounded memory of answers for pairs of value ids: one slot per hash, the newest answer wins.
 * What it forgets is computed again, so it never changes a result.
 */
export class PairCache {
  readonly #ids: Int32Array;
  readonly #answers: Float64Array;
  readonly #mask: number;

  /** slotCount must be a power of two; 16 bytes each. */
  constructor(slotCount: number) {
    const slots = new ArrayBuffer(slotCount * NUMBERS_PER_SLOT * Float64Array.BYTES_PER_ELEMENT);
    this.#ids = new Int32Array(slots);
    this.#answers = new Float64Array(slots);
    this.#mask = slotCount - 1;
  }

  /** The remembered answer of the (unordered) pair, else `compute(left, right)`. */
  get(left: number, right: number, compute: (left: number, right: number) => number): number {
    const low = left < right ? left : right;
    const high = left < right ? right : left;
    let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high + 1, 0x85ebca6b);
    hash = (hash ^ (hash >>> 15)) & this.#mask;
    const slot = hash * INTS_PER_SLOT;
    // Ids are kept plus one, so that an untouched slot is nobody's.
    if (this.#ids[slot] === low + 1 && this.#ids[slot + 1] === high + 1)
      return this.#answers[hash * NUMBERS_PER_SLOT + 1]!;
    const answer = compute(low, high);
    this.#ids[slot] = low + 1;
    this.#ids[slot + 1] = high + 1;
    this.#answers[hash * NUMBERS_PER_SLOT + 1] = answer;
    return answer;
  }
}
