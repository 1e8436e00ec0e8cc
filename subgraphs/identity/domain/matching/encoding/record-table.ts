import { comparatorOf } from "../fields/field-kind.ts";
import {
  type CanonicalRecord,
  canonicalRecord,
  type RecordSchema,
  withoutGeneric,
} from "../schema/record-schema.ts";
import type { SourceRow } from "../schema/source-row.ts";

/** Value id of a record that says nothing. */
export const NO_VALUE = -1;

/** One field of all records: each distinct value is kept and prepared once. */
export interface FieldColumn {
  readonly values: string[];
  readonly prepared: unknown[];
  /** Value id by record. */
  ids: Int32Array;
  /** Records by value id. */
  readonly counts: number[];
}

const emptyColumn = (length: number): FieldColumn => ({
  values: [],
  prepared: [],
  ids: new Int32Array(length),
  counts: [],
});

/** All records, column-wise: four bytes a record and field beside the distinct values. */
export class RecordTable {
  readonly columns: FieldColumn[];
  #schema: RecordSchema;
  #size = 0;
  #sources: Int32Array = new Int32Array(1024);
  /** Value id by value and field; undefined between `seal` and the next addition. */
  #index: Map<string, number>[] | undefined;
  #rows: Int32Array = new Int32Array(0);

  constructor(schema: RecordSchema) {
    this.#schema = schema;
    this.columns = schema.fields.map(() => emptyColumn(1024));
    this.#index = schema.fields.map(() => new Map<string, number>());
  }

  get schema(): RecordSchema {
    return this.#schema;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a row of a source (0 where there is only one). */
  add(row: SourceRow, source = 0): void {
    this.addCanonical(canonicalRecord(row, this.schema), source);
  }

  addCanonical(record: CanonicalRecord, source = 0): void {
    if (this.#size === this.#sources.length) this.#grow();
    this.#sources[this.#size] = source;
    record.forEach((value, field) => {
      this.columns[field]!.ids[this.#size] = value === "" ? NO_VALUE : this.#intern(field, value);
    });
    this.#size++;
  }

  /**
   * The value ids record by record, as many as there are fields: what is read of one record together lies together.
   * Worth its memory where pairs are scored by the million.
   */
  rows(): Int32Array {
    const width = this.columns.length;
    if (this.#rows.length === this.#size * width) return this.#rows;
    this.#rows = new Int32Array(this.#size * width);
    this.columns.forEach(({ ids }, field) => {
      for (let record = 0; record < this.#size; record++)
        this.#rows[record * width + field] = ids[record]!;
    });
    return this.#rows;
  }

  /** Reads a field anew as if its generic values were not there; the schema says so from then on. */
  forget(field: number, generic: readonly string[]): void {
    const plans = this.#schema.fields.map((plan, at) =>
      at === field ? { ...plan, generic } : plan,
    );
    this.#schema = { ...this.#schema, fields: plans };
    const { values, ids } = this.columns[field]!;
    const set = new Set(generic);
    const kept = values.map((value) => withoutGeneric(value, set));
    this.columns[field] = emptyColumn(ids.length);
    this.#index = undefined;
    for (let record = 0; record < this.#size; record++) {
      const value = ids[record] === NO_VALUE ? "" : kept[ids[record]!]!;
      this.columns[field]!.ids[record] = value === "" ? NO_VALUE : this.#intern(field, value);
    }
    this.#rows = new Int32Array(0);
  }

  sourceOf(record: number): number {
    return this.#sources[record]!;
  }

  /** Lets go of what only additions need; a later addition builds it again. */
  seal(): void {
    this.#index = undefined;
  }

  #intern(field: number, value: string): number {
    const column = this.columns[field]!;
    this.#index ??= this.columns.map(
      ({ values }) => new Map(values.map((known, id) => [known, id])),
    );
    const index = this.#index[field]!;
    const known = index.get(value);
    if (known !== undefined) {
      column.counts[known]!++;
      return known;
    }
    const id = column.values.length;
    index.set(value, id);
    column.values.push(value);
    column.prepared.push(comparatorOf(this.schema.fields[field]!.kind).prepare(value));
    column.counts.push(1);
    return id;
  }

  #grow(): void {
    const grown = (old: Int32Array) => {
      const wider = new Int32Array(old.length * 2);
      wider.set(old);
      return wider;
    };
    this.#sources = grown(this.#sources);
    for (const column of this.columns) column.ids = grown(column.ids);
  }
}
