import { compareGivenNames, compareSurnames, type PreparedName } from "../fields/compare-name.ts";
import { VALUE_SEPARATOR } from "../fields/field-comparator.ts";
import type { FieldKind } from "../fields/field-kind.ts";
import { GIVEN_DIFFERENT, SURNAME_DIFFERENT } from "../fields/name-codes.ts";
import { NO_VALUE, type RecordTable } from "./record-table.ts";

/** Kinds whose values belong to one person, and the share of the records from which on a shared one is generic. */
const SHARE_MIN: Partial<Record<FieldKind, number>> = {
  email: 0,
  phone: 0,
  identifier: 0,
  // Many are born on one day; so many of a file are not.
  date: 0.005,
};
const RECORDS_MIN = 8;
const NAMES_LOOKED_AT = 16;
/** So many pairs of the records that share a generic value have nothing of their names in common. */
const UNRELATED_SHARE_MIN = 0.5;

/**
 * Finds the values that many unrelated persons share (a switchboard, an address typed to please a form, 1 January
 * 1900) and makes the table forget them: they tell nobody apart, and beside a real value they are no contradiction.
 */
export function forgetGenericValues(table: RecordTable): void {
  const name = table.schema.fields.findIndex(({ kind }) => kind === "name");
  if (name < 0) return;
  table.schema.fields.forEach(({ kind, generic }, field) => {
    const shareMin = SHARE_MIN[kind];
    if (shareMin === undefined || generic !== undefined) return;
    const found = genericOf(table, field, name, shareMin);
    if (found.length > 0) table.forget(field, found);
  });
}

function genericOf(table: RecordTable, field: number, name: number, shareMin: number): string[] {
  const { ids, values, counts } = table.columns[field]!;
  const countByPart = new Map<string, number>();
  values.forEach((value, id) => {
    for (const part of value.split(VALUE_SEPARATOR))
      countByPart.set(part, (countByPart.get(part) ?? 0) + counts[id]!);
  });
  const filled = counts.reduce((sum, count) => sum + count, 0);
  const usual = shareMin === 0 ? 0 : usualCount([...countByPart.values()]);
  const least = Math.max(RECORDS_MIN, filled * shareMin, usual * OUTSTANDING);
  const names = new Map<string, PreparedName[]>();
  for (const [part, count] of countByPart)
    if (count >= least && !isRough(part)) names.set(part, []);
  if (names.size === 0) return [];
  const partsOf = values.map((value) =>
    value.split(VALUE_SEPARATOR).filter((part) => names.has(part)),
  );
  for (let record = 0; record < table.size; record++) {
    const id = ids[record]!;
    if (id === NO_VALUE) continue;
    for (const part of partsOf[id]!) lookAt(names.get(part)!, table, record, name);
  }
  return [...names].filter(([, bearers]) => areUnrelated(bearers)).map(([part]) => part);
}

/** A default date stands out so far from the dates that are common, too (where days are unknown, 1 January). */
const OUTSTANDING = 5;
const DEFAULTS_MAX = 5;
const COMMON = 20;

/** How often common values occur, when the few most common ones are left aside. */
function usualCount(counts: readonly number[]): number {
  const common = Float64Array.from(counts).sort().reverse().slice(DEFAULTS_MAX, COMMON);
  return common.length === 0 ? 0 : common.reduce((sum, count) => sum + count, 0) / common.length;
}

/** A year alone is no default date. */
const isRough = (part: string) => part.endsWith("-00");

/** Keeps the first names, each once. */
function lookAt(known: PreparedName[], table: RecordTable, record: number, field: number): void {
  const { ids, prepared } = table.columns[field]!;
  if (known.length >= NAMES_LOOKED_AT || ids[record] === NO_VALUE) return;
  const name = prepared[ids[record]!] as PreparedName;
  if (name.given !== "" && name.surname !== "" && !known.includes(name)) known.push(name);
}

function areUnrelated(names: readonly PreparedName[]): boolean {
  if (names.length < RECORDS_MIN) return false;
  let [pairs, unrelated] = [0, 0];
  names.forEach((left, at) => {
    for (const right of names.slice(at + 1)) {
      pairs++;
      const isOther =
        compareGivenNames(left, right) === GIVEN_DIFFERENT &&
        compareSurnames(left, right) === SURNAME_DIFFERENT;
      if (isOther) unrelated++;
    }
  });
  return unrelated >= pairs * UNRELATED_SHARE_MIN;
}
