const DIGIT_BITS = 11;
const DIGITS = 3;
const DIGIT_MASK = (1 << DIGIT_BITS) - 1;

/** Sorts record numbers by a 32-bit key, digit by digit: time and memory grow with the records, no more. */
export class KeySorter {
  #from: Uint32Array;
  #into: Uint32Array;

  constructor(recordCount: number) {
    this.#from = new Uint32Array(recordCount);
    this.#into = new Uint32Array(recordCount);
  }

  /** The records whose key is not 0, by key and then by number. Overwritten by the next call. */
  sort(keys: Uint32Array): Uint32Array {
    let count = 0;
    for (let record = 0; record < keys.length; record++) {
      if (keys[record] !== 0) this.#from[count++] = record;
    }
    for (let digit = 0; digit < DIGITS; digit++) this.#sortByDigit(keys, digit * DIGIT_BITS, count);
    return this.#from.subarray(0, count);
  }

  #sortByDigit(keys: Uint32Array, shift: number, count: number): void {
    const starts = new Uint32Array(DIGIT_MASK + 2);
    for (let at = 0; at < count; at++)
      starts[((keys[this.#from[at]!]! >>> shift) & DIGIT_MASK) + 1]!++;
    for (let digit = 0; digit <= DIGIT_MASK; digit++) starts[digit + 1]! += starts[digit]!;
    for (let at = 0; at < count; at++) {
      const record = this.#from[at]!;
      this.#into[starts[(keys[record]! >>> shift) & DIGIT_MASK]!++] = record;
    }
    [this.#from, this.#into] = [this.#into, this.#from];
  }
}
