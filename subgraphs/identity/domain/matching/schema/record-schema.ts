import { comparatorOf, type FieldKind } from "../fields/field-kind.ts";
import { NAMED_EMAIL } from "../fields/compare-contact.ts";
import { withPieces } from "./mixed-pieces.ts";
import { isFiller } from "./filler.ts";
import { MULTIPLE_VALUES, type SourceRow } from "./source-row.ts";
import { type ReadingHints, VALUE_SEPARATOR } from "../fields/field-comparator.ts";
import { writeName } from "../fields/name-comparators.ts";
import { type PersonName, readPersonName } from "../fields/person-name.ts";

export type NamePart = "full" | "given" | "middle" | "surname" | "generation";

/** One field of the comparison and the columns it is read from. */
export interface FieldPlan {
  readonly name: string;
  readonly kind: FieldKind;
  /** Alternatives in order: the first that says something counts; phones and e-mails count all. */
  readonly columns: readonly string[];
  readonly hints: ReadingHints;
  /** Canonical values (of several, the single ones) that many unrelated persons share: they say nothing. */
  readonly generic?: readonly string[];
}

/** How rows become comparable records. */
export interface RecordSchema {
  /** Columns of a person's name by part; empty where the data has none. */
  readonly nameColumns: Readonly<Record<NamePart, readonly string[]>>;
  /** Whole names begin with the surname. */
  readonly isSurnameFirst?: boolean;
  /** Columns that hold several things in one text; their pieces are columns of their own: `column › name`. */
  readonly mixedColumns?: readonly string[];
  readonly fields: readonly FieldPlan[];
}

/** Canonical values of a record, in the order of the schema's fields; "" where it says nothing. */
export type CanonicalRecord = readonly string[];

const isAllCounted = (kind: FieldKind) => kind === "email" || kind === "phone";

function textOf(row: SourceRow, columns: readonly string[]): string {
  for (const column of columns) {
    const text = row[column]?.trim() ?? "";
    if (text !== "" && !isFiller(text)) return text;
  }
  return "";
}

function readName(row: SourceRow, schema: RecordSchema): PersonName | undefined {
  const part = (name: NamePart) => firstValue(textOf(row, schema.nameColumns[name]));
  return readPersonName(
    {
      full: part("full"),
      given: part("given"),
      middle: part("middle"),
      surname: part("surname"),
      generation: part("generation"),
    },
    schema.isSurnameFirst,
  );
}

const firstValue = (text: string) => text.split(MULTIPLE_VALUES)[0]!;

function readField(row: SourceRow, plan: FieldPlan): string {
  const comparator = comparatorOf(plan.kind);
  if (isAllCounted(plan.kind)) {
    const all = plan.columns.map((column) => row[column] ?? "").join(VALUE_SEPARATOR);
    return comparator.canonical(all.replaceAll(MULTIPLE_VALUES, VALUE_SEPARATOR), plan.hints);
  }
  return comparator.canonical(firstValue(textOf(row, plan.columns)), plan.hints);
}

/**
 * An e-mail made of the person's name says little beyond the name: its local part is marked so that only the whole
 * address counts.
 */
function markNamedEmails(emails: string, name: PersonName | undefined): string {
  const parts = [name?.surname.replaceAll(" ", "") ?? "", name?.given ?? ""].filter(
    (part) => part.length >= 3,
  );
  return emails
    .split(VALUE_SEPARATOR)
    .map((email) =>
      parts.some((part) => email.split("@")[0]!.includes(part)) ? `${NAMED_EMAIL}${email}` : email,
    )
    .join(VALUE_SEPARATOR);
}

/** A value without the parts of it that are generic. */
export function withoutGeneric(value: string, generic: ReadonlySet<string>): string {
  if (!value.includes(VALUE_SEPARATOR)) return generic.has(value) ? "" : value;
  const kept = value.split(VALUE_SEPARATOR).filter((part) => !generic.has(part));
  return kept.join(VALUE_SEPARATOR);
}

const GENERIC_SETS = new WeakMap<readonly string[], ReadonlySet<string>>();

function genericOf({ generic }: FieldPlan): ReadonlySet<string> | undefined {
  if (generic === undefined) return undefined;
  const known = GENERIC_SETS.get(generic) ?? new Set(generic);
  GENERIC_SETS.set(generic, known);
  return known;
}

/** Reads a row with the schema; never fails: what cannot be read says nothing. */
export function canonicalRecord(source: SourceRow, schema: RecordSchema): CanonicalRecord {
  const row = withPieces(source, schema.mixedColumns);
  const name = readName(row, schema);
  return schema.fields.map((plan) => {
    if (plan.kind === "name") return name === undefined ? "" : writeName(name);
    if (plan.kind === "middleName") return name?.middle ?? "";
    if (plan.kind === "generation") return name?.generation ?? "";
    const value = readField(row, plan);
    const marked = plan.kind === "email" ? markNamedEmails(value, name) : value;
    const generic = genericOf(plan);
    return generic === undefined ? marked : withoutGeneric(marked, generic);
  });
}
