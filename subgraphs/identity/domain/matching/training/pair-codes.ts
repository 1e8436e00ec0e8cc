import { cacheSlots } from "../scoring/table-scorer.ts";
import { PairCache } from "../encoding/pair-cache.ts";
import { NO_VALUE, type RecordTable } from "../encoding/record-table.ts";
import { comparatorOf } from "../fields/field-kind.ts";

/** Code of a field that a side does not have. */
export const NO_CODE = 255;

/** The comparison vectors of a set of pairs, row by row. */
export interface PairCodes {
  readonly codes: Uint8Array;
  readonly pairCount: number;
  readonly fieldCount: number;
}

/** Compares pairs of one table field by field. */
export class CodeReader {
  readonly #table: RecordTable;
  readonly #caches: PairCache[];
  readonly #compute: ((left: number, right: number) => number)[];

  constructor(table: RecordTable) {
    this.#table = table;
    this.#caches = table.columns.map((column) => new PairCache(cacheSlots(column.values.length)));
    this.#compute = table.schema.fields.map((plan, field) => {
      const comparator = comparatorOf(plan.kind);
      const { prepared } = table.columns[field]!;
      return (left, right) => comparator.compare(prepared[left], prepared[right]);
    });
  }

  read(lefts: ArrayLike<number>, rights: ArrayLike<number>, pairCount: number): PairCodes {
    const fieldCount = this.#table.columns.length;
    const codes = new Uint8Array(pairCount * fieldCount);
    for (let field = 0; field < fieldCount; field++) {
      const ids = this.#table.columns[field]!.ids;
      for (let pair = 0; pair < pairCount; pair++) {
        const left = ids[lefts[pair]!]!;
        const right = ids[rights[pair]!]!;
        codes[pair * fieldCount + field] =
          left === NO_VALUE || right === NO_VALUE
            ? NO_CODE
            : this.#caches[field]!.get(left, right, this.#compute[field]!);
      }
    }
    return { codes, pairCount, fieldCount };
  }
}
