import type { RawIdentifier } from "../../../../kernel/announcements/accepted-event.ts";
import { roleByHeader, roleOfAmbiguousHeader } from "../matching/schema/column-roles.ts";
import type { ColumnRole } from "../matching/schema/column-role.ts";
import { MULTIPLE_VALUES, type SourceRow } from "../matching/schema/source-row.ts";

/** Column of each role: whatever a source calls it, all records say it in the same place. */
export const columnByRole: Partial<Record<ColumnRole, string>> = {
  fullName: "full_name",
  givenName: "given_name",
  middleName: "middle_name",
  surname: "surname",
  generation: "name_suffix",
  organisation: "company",
  birthDate: "birth_date",
  date: "date_of_death",
  gender: "gender",
  email: "email",
  phone: "phone",
  houseNumber: "house_number",
  street: "street",
  address: "full_address",
  postcode: "postcode",
  city: "city",
  region: "region",
  country: "country",
  place: "birth_place",
};

const depthMax = 4;
const valueCharactersMax = 500;

/** The values of a record as the matcher reads them; what it cannot compare is left out. */
export function columnsOf(
  attributes: Readonly<Record<string, unknown>>,
  identifiers: readonly RawIdentifier[],
): SourceRow {
  const values = leavesOf(attributes, "", 0);
  const named = values.map(({ name }) => roleByHeader(name));
  const known = new Set(named.filter((role) => role !== undefined));
  const columns: Record<string, string> = {};
  values.forEach(({ name, text }, place) => {
    const role = named[place] ?? roleOfAmbiguousHeader(name, known);
    if (role !== "ignored") put(columns, columnFor(name, role, columns), text);
  });
  for (const { namespace, value } of identifiers) {
    if (namespace !== "email" && namespace !== "phone") continue;
    if (!(columns[namespace] ?? "").includes(value)) put(columns, namespace, value);
  }
  return columns;
}

/** Phones and e-mails count all; of other things the first keeps the place. */
function columnFor(
  name: string,
  role: ColumnRole | undefined,
  taken: Readonly<Record<string, string>>,
): string {
  const column = role === undefined ? undefined : columnByRole[role];
  if (column === undefined) return name;
  const isAll = role === "email" || role === "phone";
  return isAll || !Object.hasOwn(taken, column) ? column : name;
}

function put(columns: Record<string, string>, column: string, text: string): void {
  const known = Object.hasOwn(columns, column) ? `${columns[column]}${MULTIPLE_VALUES}` : "";
  Object.defineProperty(columns, column, {
    value: known + text,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function leavesOf(value: unknown, name: string, depth: number): { name: string; text: string }[] {
  if (value === null || value === undefined || depth > depthMax) return [];
  if (Array.isArray(value)) return leavesOfList(value, name, depth);
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([key, part]) =>
      leavesOf(part, isTelling(key) || name === "" ? key : `${name} ${key}`, depth + 1),
    );
  }
  const text = String(value).slice(0, valueCharactersMax).trim();
  return text === "" ? [] : [{ name, text }];
}

/** A part that says by its own name what it is, whatever it is part of. */
function isTelling(key: string): boolean {
  const role = roleByHeader(key);
  return role !== undefined && role !== "ignored";
}

function leavesOfList(list: readonly unknown[], name: string, depth: number) {
  return list.flatMap((part) => leavesOf(part, name, depth + 1));
}
