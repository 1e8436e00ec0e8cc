import type { FieldColumn } from "../encoding/record-table.ts";
import type { FieldComparator } from "../fields/field-comparator.ts";
import { type ComparableValue, knownOf } from "./field-weight.ts";
import type { TermFrequencies } from "./matching-model.ts";

/** The distinct values of a field as they are compared; what is known of each is worked out once. */
export class ComparableColumn {
  readonly #column: FieldColumn;
  readonly #known: Uint8Array;

  constructor(column: FieldColumn, comparator: FieldComparator, terms: TermFrequencies) {
    this.#column = column;
    this.#known = new Uint8Array(column.values.length);
    if (comparator.knownOf === undefined) return;
    column.prepared.forEach((prepared, value) => {
      this.#known[value] = knownOf(comparator, terms, prepared);
    });
  }

  valueAt(value: number): ComparableValue {
    const { values, prepared } = this.#column;
    return { canonical: values[value]!, prepared: prepared[value], known: this.#known[value]! };
  }
}
