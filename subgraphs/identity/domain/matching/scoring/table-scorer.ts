import { NO_VALUE, type RecordTable } from "../encoding/record-table.ts";
import { PairCache } from "../encoding/pair-cache.ts";
import { comparatorOf } from "../fields/field-kind.ts";
import { isGivenAlike } from "../fields/name-codes.ts";
import {
  isContradicted,
  type PersonalWord,
  personalWords,
  type WeightAdjustment,
  weightAdjustment,
} from "./combine-weights.ts";
import { ComparableColumn } from "./comparable-column.ts";
import { fieldEvidence, surnameWeight } from "./field-weight.ts";
import type { MatchingModel } from "./matching-model.ts";

/** Weights of pairs of one table under one model; value pairs are compared once while the cache remembers them. */
export class TableScorer {
  readonly #table: RecordTable;
  /** Value ids record by record. */
  readonly #rows: Int32Array;
  readonly #caches: PairCache[];
  readonly #compute: ((left: number, right: number) => number)[];
  readonly #weights: Float64Array;
  readonly #adjust: WeightAdjustment;
  readonly #priorBits: number;
  readonly #nameField: number;
  readonly #surnameCache: PairCache;
  readonly #computeSurname: (left: number, right: number) => number;

  constructor(model: MatchingModel, table: RecordTable) {
    this.#table = table;
    this.#rows = table.rows();
    this.#weights = new Float64Array(table.columns.length);
    this.#adjust = weightAdjustment(model);
    this.#priorBits = Math.log2(model.prior / (1 - model.prior));
    this.#nameField = model.schema.fields.findIndex(({ kind }) => kind === "name");
    const names = table.columns[this.#nameField];
    this.#surnameCache = new PairCache(cacheSlots(names?.values.length ?? 0));
    this.#computeSurname = (left, right) => {
      const { prepared } = names!;
      return surnameWeight(model.fields[this.#nameField]!, prepared[left], prepared[right]);
    };
    this.#caches = table.columns.map((column) => new PairCache(cacheSlots(column.values.length)));
    this.#compute = table.columns.map((column, field) => {
      const comparator = comparatorOf(model.schema.fields[field]!.kind);
      const fieldModel = model.fields[field]!;
      const values = new ComparableColumn(column, comparator, fieldModel);
      return (left, right) =>
        fieldEvidence(fieldModel, comparator, values.valueAt(left), values.valueAt(right)).weight;
    });
  }

  /**
   * Bits each field adds to the total; 0 where a side has no value. With the prior they add up to `weight`.
   * The array is overwritten by the next call.
   */
  fieldWeights(left: number, right: number): Float64Array {
    this.#fillWeights(left, right);
    this.#adjust(this.#weights, this.#surnameWeight(left, right));
    return this.#weights;
  }

  #fillWeights(left: number, right: number): void {
    const width = this.#weights.length;
    for (let field = 0; field < width; field++) {
      const leftValue = this.#rows[left * width + field]!;
      const rightValue = this.#rows[right * width + field]!;
      this.#weights[field] =
        leftValue === NO_VALUE || rightValue === NO_VALUE
          ? 0
          : this.#caches[field]!.get(leftValue, rightValue, this.#compute[field]!);
    }
  }

  /** Whether a personal field speaks against a pair; see `isContradicted`. */
  contradicts(left: number, right: number): boolean {
    this.#fillWeights(left, right);
    return isContradicted(this.#table.schema, this.#weights, this.#surnameWeight(left, right));
  }

  /** What each field says of a pair in person; see `personalWords`. */
  personalWords(left: number, right: number): PersonalWord[] {
    this.#fillWeights(left, right);
    const surname = this.#surnameWeight(left, right);
    return personalWords(
      this.#table.schema,
      this.#weights,
      surname,
      this.#isGivenAlike(left, right),
    );
  }

  #isGivenAlike(left: number, right: number): boolean {
    const names = this.#table.columns[this.#nameField];
    const [one, other] = [left, right].map((record) => names?.ids[record] ?? NO_VALUE);
    if (one === NO_VALUE || other === NO_VALUE) return false;
    const { compare } = comparatorOf("name");
    return isGivenAlike(compare(names!.prepared[one!], names!.prepared[other!]));
  }

  #surnameWeight(left: number, right: number): number {
    if (this.#nameField < 0) return 0;
    const width = this.#weights.length;
    const leftValue = this.#rows[left * width + this.#nameField]!;
    const rightValue = this.#rows[right * width + this.#nameField]!;
    if (leftValue === NO_VALUE || rightValue === NO_VALUE) return 0;
    return this.#surnameCache.get(leftValue, rightValue, this.#computeSurname);
  }

  /** Log2 of the odds that both are one person, prior included. */
  weight(left: number, right: number): number {
    const weights = this.fieldWeights(left, right);
    let total = this.#priorBits;
    for (let field = 0; field < weights.length; field++) total += weights[field]!;
    return total;
  }
}

const CACHE_SLOTS_MIN = 1 << 10;
const CACHE_SLOTS_MAX = 1 << 19;

/** A power of two that suits a column of so many distinct values. */
export function cacheSlots(valueCount: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(valueCount * 16 + 1));
  return Math.max(CACHE_SLOTS_MIN, Math.min(CACHE_SLOTS_MAX, wanted));
}
