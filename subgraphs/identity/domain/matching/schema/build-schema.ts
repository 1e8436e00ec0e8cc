import type { ReadingHints } from "../fields/field-comparator.ts";
import type { FieldKind } from "../fields/field-kind.ts";
import type { ColumnProfile } from "./column-content.ts";
import type { ColumnRole } from "./column-roles.ts";
import type { RecognisedColumn } from "./recognise-columns.ts";
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

/** The day comes first unless the values say otherwise: 13/4 against 4/13. */
function readingHints(
  columns: readonly string[],
  profiles: readonly ColumnProfile[],
): ReadingHints {
  let dayFirst = 0;
  let monthFirst = 0;
  for (const { column, values } of profiles) {
    if (!columns.includes(column)) continue;
    for (const value of values) {
      const parts = value.match(/^\s*(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{2,4}/);
      if (parts === null) continue;
      if (Number(parts[1]) > 12) dayFirst++;
      if (Number(parts[2]) > 12) monthFirst++;
    }
  }
  return { isDayFirst: dayFirst >= monthFirst };
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
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): RecordSchema {
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
    for (const column of columnsOf(role)) {
      fields.push({
        name: column,
        kind,
        columns: [column],
        hints: readingHints([column], profiles),
      });
    }
  }
  return { nameColumns, fields: mergeAddresses(fields, columns).slice(0, FIELDS_MAX) };
}
