import type { ReadingHints } from "../fields/field-comparator.ts";
import type { FieldKind } from "../fields/field-kind.ts";
import { takeApart } from "./mixed-columns.ts";
import { areSurnamesFirst } from "./name-columns.ts";
import type { ColumnProfile } from "./profile-columns.ts";
import type { ColumnRole } from "./column-role.ts";
import { readingHints } from "./reading-hints.ts";
import type { RecognisedColumn } from "./recognised-column.ts";
import type { FieldPlan, NamePart, RecordSchema } from "./record-schema.ts";

const NAME_PARTS: Readonly<Record<NamePart, ColumnRole>> = {
  full: "fullName",
  given: "givenName",
  middle: "middleName",
  surname: "surname",
  generation: "generation",
};

/** Roles whose columns are alternatives of one field. */
const TOGETHER: readonly [ColumnRole, FieldKind, string][] = [
  ["organisation", "organisation", "organisation"],
  ["birthDate", "date", "birthDate"],
  ["gender", "gender", "gender"],
  ["email", "email", "email"],
  ["phone", "phone", "phone"],
];

/** Roles whose columns are fields of their own. */
const APART: readonly [ColumnRole, FieldKind][] = [
  ["date", "date"],
  ["identifier", "identifier"],
  ["houseNumber", "street"],
  ["street", "street"],
  ["address", "street"],
  ["postcode", "postcode"],
  ["city", "place"],
  ["place", "place"],
  ["region", "region"],
  ["country", "region"],
  ["category", "category"],
  ["text", "text"],
];

const FIELDS_MAX = 24;

/** Columns are alternatives where hardly a row fills both: two files call one thing by two names. */
const FILLED_TOGETHER_MAX = 0.02;

/** Puts columns of one role together that no row fills both of, each in the first group it fits in. */
function alternatives(columns: readonly string[], profiles: readonly ColumnProfile[]): string[][] {
  const rowsOf = (column: string) =>
    new Set(profiles.find((profile) => profile.column === column)?.rows ?? []);
  const groups: { columns: string[]; rows: Set<number> }[] = [];
  for (const column of columns) {
    const rows = rowsOf(column);
    const areApart = (other: ReadonlySet<number>) => {
      const least = Math.min(rows.size, other.size);
      const together = [...rows].filter((row) => other.has(row)).length;
      return least > 0 && together <= least * FILLED_TOGETHER_MAX;
    };
    const group = groups.find((known) => areApart(known.rows));
    if (group === undefined) groups.push({ columns: [column], rows });
    else {
      group.columns.push(column);
      for (const row of rows) group.rows.add(row);
    }
  }
  return groups.map((group) => group.columns);
}

/** A line of an address and the whole of it in another column are one field; line 2 stays one of its own. */
function mergeAddresses(fields: FieldPlan[], columns: readonly RecognisedColumn[]): FieldPlan[] {
  const whole = columns.filter(({ role }) => role === "address").map(({ column }) => column);
  const line = columns.find(({ role }) => role === "street")?.column;
  if (whole.length === 0 || line === undefined) return fields;
  return fields
    .filter((field) => !field.columns.some((column) => whole.includes(column)))
    .map((field) =>
      field.columns.includes(line) ? { ...field, columns: [line, ...whole] } : field,
    );
}

/** The fields to compare, from what the columns were taken for. Empty where nothing tells persons apart. */
export function buildSchema(
  recognised: readonly RecognisedColumn[],
  profiled: readonly ColumnProfile[],
): RecordSchema {
  const { columns, profiles } = takeApart(recognised, profiled);
  const columnsOf = (role: ColumnRole) =>
    columns.filter((column) => column.role === role).map(({ column }) => column);
  const nameColumns = Object.fromEntries(
    Object.entries(NAME_PARTS).map(([part, role]) => [part, columnsOf(role)]),
  ) as Record<NamePart, string[]>;
  const noHints: ReadingHints = { isDayFirst: true };
  const fields: FieldPlan[] = [];
  if (nameColumns.full.length + nameColumns.given.length + nameColumns.surname.length > 0) {
    fields.push({ name: "name", kind: "name", columns: [], hints: noHints });
    fields.push({ name: "middleName", kind: "middleName", columns: [], hints: noHints });
    fields.push({ name: "generation", kind: "generation", columns: [], hints: noHints });
  }
  for (const [role, kind, name] of TOGETHER) {
    const found = columnsOf(role);
    if (found.length > 0)
      fields.push({ name, kind, columns: found, hints: readingHints(found, profiles) });
  }
  for (const [role, kind] of APART) {
    for (const found of alternatives(columnsOf(role), profiles)) {
      const hints = readingHints(found, profiles);
      fields.push({ name: found[0]!, kind, columns: found, hints });
    }
  }
  const whole = profiles.filter(({ column }) => nameColumns.full.includes(column));
  const isSurnameFirst = areSurnamesFirst(whole.flatMap(({ values }) => values));
  const mixedColumns = columnsOf("mixed");
  return {
    nameColumns,
    ...(isSurnameFirst ? { isSurnameFirst } : {}),
    ...(mixedColumns.length > 0 ? { mixedColumns } : {}),
    fields: mergeAddresses(fields, columns).slice(0, FIELDS_MAX),
  };
}
