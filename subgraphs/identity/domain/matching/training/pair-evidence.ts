import { PairCache } from "../encoding/pair-cache.ts";
import { NO_VALUE, type RecordTable } from "../encoding/record-table.ts";
import { comparatorOf } from "../fields/field-kind.ts";
import { ComparableColumn } from "../scoring/comparable-column.ts";
import { codeOf, rarityOf, surnameEvidence } from "../scoring/field-weight.ts";
import type { TermFrequencies } from "../scoring/matching-model.ts";
import { cacheSlots } from "../scoring/table-scorer.ts";

/** Code of a field that a side does not have. */
export const NO_CODE = 255;

/** What a set of pairs shows, row by row, whatever the parameters of a model. */
export interface PairEvidence {
  readonly codes: Uint8Array;
  /** Bits that the rarity of what is agreed on adds. */
  readonly rarity: Float32Array;
  /** By pair: the surnames alone. */
  readonly surnameCodes: Uint8Array;
  readonly surnameRarity: Float32Array;
  readonly pairCount: number;
  readonly fieldCount: number;
}

/** Compares pairs of one table field by field. */
export class EvidenceReader {
  readonly #table: RecordTable;
  readonly #terms: readonly TermFrequencies[];
  readonly #values: ComparableColumn[];
  readonly #caches: PairCache[];
  readonly #name: number;

  constructor(table: RecordTable, terms: readonly TermFrequencies[]) {
    this.#table = table;
    this.#terms = terms;
    this.#values = table.columns.map(
      (column, field) =>
        new ComparableColumn(column, comparatorOf(table.schema.fields[field]!.kind), terms[field]!),
    );
    this.#caches = table.columns.map((column) => new PairCache(cacheSlots(column.values.length)));
    this.#name = table.schema.fields.findIndex(({ kind }) => kind === "name");
  }

  read(lefts: ArrayLike<number>, rights: ArrayLike<number>, pairCount: number): PairEvidence {
    const fieldCount = this.#table.columns.length;
    const evidence: PairEvidence = {
      codes: new Uint8Array(pairCount * fieldCount),
      rarity: new Float32Array(pairCount * fieldCount),
      surnameCodes: new Uint8Array(pairCount).fill(NO_CODE),
      surnameRarity: new Float32Array(pairCount),
      pairCount,
      fieldCount,
    };
    for (let field = 0; field < fieldCount; field++)
      this.#readField(field, lefts, rights, evidence);
    if (this.#name >= 0) this.#readSurnames(lefts, rights, evidence);
    return evidence;
  }

  #readField(
    field: number,
    lefts: ArrayLike<number>,
    rights: ArrayLike<number>,
    { codes, rarity, pairCount, fieldCount }: PairEvidence,
  ): void {
    const comparator = comparatorOf(this.#table.schema.fields[field]!.kind);
    const { ids } = this.#table.columns[field]!;
    const terms = this.#terms[field]!;
    const values = this.#values[field]!;
    const compare = (left: number, right: number) =>
      codeOf(comparator, values.valueAt(left), values.valueAt(right));
    for (let pair = 0; pair < pairCount; pair++) {
      const [left, right] = [ids[lefts[pair]!]!, ids[rights[pair]!]!];
      const at = pair * fieldCount + field;
      codes[at] = NO_CODE;
      if (left === NO_VALUE || right === NO_VALUE) continue;
      codes[at] = this.#caches[field]!.get(left, right, compare);
      rarity[at] = rarityOf(
        terms,
        comparator,
        codes[at]!,
        values.valueAt(left),
        values.valueAt(right),
      );
    }
  }

  #readSurnames(
    lefts: ArrayLike<number>,
    rights: ArrayLike<number>,
    { surnameCodes, surnameRarity, pairCount }: PairEvidence,
  ): void {
    const { ids, prepared } = this.#table.columns[this.#name]!;
    for (let pair = 0; pair < pairCount; pair++) {
      const [left, right] = [ids[lefts[pair]!]!, ids[rights[pair]!]!];
      if (left === NO_VALUE || right === NO_VALUE) continue;
      const terms = this.#terms[this.#name]!;
      const evidence = surnameEvidence(terms, prepared[left], prepared[right]);
      if (evidence === undefined) continue;
      surnameCodes[pair] = evidence.code;
      surnameRarity[pair] = evidence.rarity;
    }
  }
}
