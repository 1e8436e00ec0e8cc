import { NO_VALUE, type RecordTable } from "../encoding/record-table.ts";
import { PairCache } from "../encoding/pair-cache.ts";
import { comparatorOf } from "../fields/field-kind.ts";
import { type WeightAdjustment, weightAdjustment } from "./combine-weights.ts";
import { fieldEvidence } from "./field-weight.ts";
import type { MatchingModel } from "./matching-model.ts";

/** Weights of pairs of one table under one model; value pairs are compared once while the cache remembers them. */
export class TableScorer {
  readonly #table: RecordTable;
  readonly #caches: PairCache[];
  readonly #compute: ((left: number, right: number) => number)[];
  readonly #weights: Float64Array;
  readonly #adjust: WeightAdjustment;
  readonly #priorBits: number;

  constructor(model: MatchingModel, table: RecordTable) {
    this.#table = table;
    this.#weights = new Float64Array(table.columns.length);
    this.#adjust = weightAdjustment(model.schema, model.recordCount);
    this.#priorBits = Math.log2(model.prior / (1 - model.prior));
    this.#caches = table.columns.map((column) => new PairCache(cacheSlots(column.values.length)));
    this.#compute = table.columns.map(({ values, prepared }, field) => {
      const comparator = comparatorOf(model.schema.fields[field]!.kind);
      const fieldModel = model.fields[field]!;
      return (left, right) =>
        fieldEvidence(
          fieldModel,
          comparator,
          { canonical: values[left]!, prepared: prepared[left] },
          { canonical: values[right]!, prepared: prepared[right] },
        ).weight;
    });
  }

  /**
   * Bits each field adds to the total; 0 where a side has no value. With the prior they add up to `weight`.
   * The array is overwritten by the next call.
   */
  fieldWeights(left: number, right: number): Float64Array {
    for (let field = 0; field < this.#weights.length; field++) {
      const ids = this.#table.columns[field]!.ids;
      const leftValue = ids[left]!;
      const rightValue = ids[right]!;
      this.#weights[field] =
        leftValue === NO_VALUE || rightValue === NO_VALUE
          ? 0
          : this.#caches[field]!.get(leftValue, rightValue, this.#compute[field]!);
    }
    this.#adjust(this.#weights);
    return this.#weights;
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
