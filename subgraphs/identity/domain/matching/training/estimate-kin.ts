import { NO_VALUE, type RecordTable } from "../encoding/record-table.ts";
import { isGivenDifferent } from "../fields/compare-name.ts";
import { comparatorOf, groupOf } from "../fields/field-kind.ts";
import type { MatchingModel } from "../scoring/matching-model.ts";
import { TableScorer } from "../scoring/table-scorer.ts";
import type { PairSample } from "./pair-samples.ts";

/** Each record has a relative in the file at least this often. */
const RELATIVES_PER_RECORD_MIN = 0.002;
const KIN_SHARE_MAX = 0.25;
/** From this level on two dates are of two persons ("same year" and worse). */
const DATE_LEVEL_OTHER = 6;
/** Without birth dates half of those who share a home but not a given name count as two persons. */
const UNDATED_SHARE = 0.5;

/** The chance of a relative that no file is without. */
export function kinShareLeast(recordCount: number, pairCount: number): number {
  return Math.min(KIN_SHARE_MAX, (RELATIVES_PER_RECORD_MIN * recordCount) / Math.max(1, pairCount));
}

const KNOWN_NAMES_APART_MAX_BITS = 8;
/** Relatives per record from which on a file holds households: chance alone makes some. */
const HOUSEHOLDS_FROM = 0.25;
const BITS_PER_DOUBLING = 4;

/**
 * Bits by which two clearly different given names speak against a pair beyond what was learned. Learning takes twins
 * for one person with a wrong name; the more relatives a file has (told by birth date), the less that is so.
 */
export function knownNamesApartBits(recordCount: number, kinShare: number): number {
  const doublings = Math.log2(Math.max(1, (kinShare * recordCount) / HOUSEHOLDS_FROM));
  return Math.min(KNOWN_NAMES_APART_MAX_BITS, BITS_PER_DOUBLING * doublings);
}

/** Share of all pairs that live together and are clearly two persons: other given name, other birth date. */
export function estimateKinShare(
  model: MatchingModel,
  table: RecordTable,
  { lefts, rights, seen }: PairSample,
  pairCount: number,
): number {
  const counter = new KinCounter(model, table);
  let found = 0;
  for (let at = 0; at < lefts.length; at++) if (counter.areKin(lefts[at]!, rights[at]!)) found++;
  const scaled = lefts.length === 0 ? 0 : (found * seen * counter.scale) / lefts.length;
  const share = kinShareLeast(table.size, pairCount) + scaled / Math.max(1, pairCount);
  return Math.min(KIN_SHARE_MAX, share);
}

class KinCounter {
  /** What one counted pair stands for, birth dates not being known for all. */
  readonly scale: number;
  readonly #table: RecordTable;
  readonly #scorer: TableScorer;
  readonly #isShared: boolean[];
  readonly #sharedLeast: number;
  readonly #name: number;
  readonly #date: number;

  constructor(model: MatchingModel, table: RecordTable) {
    const { fields } = model.schema;
    this.#table = table;
    this.#scorer = new TableScorer({ ...model, kinShare: Number.MIN_VALUE }, table);
    this.#isShared = fields.map(
      ({ kind }) => groupOf(kind) === "location" || groupOf(kind) === "contact",
    );
    this.#sharedLeast = 0.7 * Math.log2(model.recordCount);
    this.#name = fields.findIndex(({ kind }) => kind === "name");
    this.#date = fields.findIndex(({ kind }) => kind === "date");
    this.scale =
      this.#date < 0 ? UNDATED_SHARE : 1 / Math.max(0.1, filledShare(table, this.#date) ** 2);
  }

  areKin(left: number, right: number): boolean {
    const name = this.#code(this.#name, left, right);
    if (name === undefined || !isGivenDifferent(name)) return false;
    const date = this.#code(this.#date, left, right);
    if (this.#date >= 0 && (date === undefined || date < DATE_LEVEL_OTHER)) return false;
    const weights = this.#scorer.fieldWeights(left, right);
    return (
      weights.reduce((sum, bits, field) => (this.#isShared[field] ? sum + bits : sum), 0) >=
      this.#sharedLeast
    );
  }

  #code(field: number, left: number, right: number): number | undefined {
    if (field < 0) return undefined;
    const { ids, prepared } = this.#table.columns[field]!;
    const [one, other] = [ids[left]!, ids[right]!];
    if (one === NO_VALUE || other === NO_VALUE) return undefined;
    return comparatorOf(this.#table.schema.fields[field]!.kind).compare(
      prepared[one],
      prepared[other],
    );
  }
}

function filledShare(table: RecordTable, field: number): number {
  const filled = table.columns[field]!.counts.reduce((sum, count) => sum + count, 0);
  return filled / Math.max(1, table.size);
}
