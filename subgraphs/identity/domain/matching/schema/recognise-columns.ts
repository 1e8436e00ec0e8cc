import { roleByContent } from "./column-content.ts";
import { roleByHeader, roleOfAmbiguousHeader } from "./column-roles.ts";
import type { ColumnRole } from "./column-role.ts";
import { withMixed } from "./mixed-columns.ts";
import { isWholeEastAsianName, withNames } from "./name-columns.ts";
import type { ColumnProfile } from "./profile-columns.ts";
import type { RecognisedColumn } from "./recognised-column.ts";
import { wordsOf } from "../text/fold-text.ts";

/** What the caller knows better. */
export interface ColumnStatements {
  readonly roleByColumn: ReadonlyMap<string, ColumnRole>;
  readonly ignored: ReadonlySet<string>;
}

const UNIQUE_SHARE = 0.998;
const UNIQUE_ROWS_MIN = 50;
/** Roles that only help where values repeat. */
const NEEDS_REPEATS: ReadonlySet<ColumnRole> = new Set(["identifier", "text", "category"]);

/** Takes each column for something: what was stated, else what its header says, else what its values look like. */
export function recogniseColumns(
  profiles: readonly ColumnProfile[],
  statements: ColumnStatements,
): RecognisedColumn[] {
  const named = profiles.map((profile): RecognisedColumn | undefined =>
    recogniseByName(profile, statements),
  );
  const known = new Set(named.flatMap((column) => (column === undefined ? [] : [column.role])));
  const settled = profiles.map((profile, at): RecognisedColumn => {
    const { column } = profile;
    if (named[at] !== undefined) return named[at];
    const ambiguous = roleOfAmbiguousHeader(column, known);
    if (ambiguous !== undefined && profile.values.length > 0)
      return { column, role: ambiguous, reason: "header" };
    const role = roleByContent(profile) ?? "ignored";
    const isTaken = (role === "birthDate" || role === "gender") && known.has(role);
    return {
      column,
      role: isTaken ? "ignored" : role,
      reason: profile.values.length === 0 ? "empty" : "content",
    };
  });
  const whole = withWholeNames(withNames(settled, profiles), profiles);
  return withMixed(whole, profiles).map((column, at) => dropUnique(column, profiles[at]!));
}

function recogniseByName(
  profile: ColumnProfile,
  { roleByColumn, ignored }: ColumnStatements,
): RecognisedColumn | undefined {
  const { column, values } = profile;
  if (ignored.has(column)) return { column, role: "ignored", reason: "stated" };
  const stated = roleByColumn.get(column);
  if (stated !== undefined) return { column, role: stated, reason: "stated" };
  if (values.length === 0) return { column, role: "ignored", reason: "empty" };
  const role = roleByHeader(column);
  if (role === undefined) return undefined;
  return {
    column,
    role: agreesWithContent(role, values) ? role : (roleByContent(profile) ?? "ignored"),
    reason: "header",
  };
}

/** A header can lie: an e-mail column without @, a phone column without digits. */
function agreesWithContent(role: ColumnRole, values: readonly string[]): boolean {
  const share = (test: RegExp) => values.filter((value) => test.test(value)).length / values.length;
  if (role === "email") return share(/@/) >= 0.3;
  if (role === "phone" || role === "birthDate") return share(/\d/) >= 0.5;
  if (role === "givenName" || role === "surname" || role === "fullName")
    return share(/\p{L}/u) >= 0.5;
  return true;
}

function dropUnique(recognised: RecognisedColumn, profile: ColumnProfile): RecognisedColumn {
  const isUnique =
    profile.values.length >= UNIQUE_ROWS_MIN && profile.distinctShare >= UNIQUE_SHARE;
  if (recognised.reason === "stated" || !isUnique || !NEEDS_REPEATS.has(recognised.role))
    return recognised;
  return { column: recognised.column, role: "ignored", reason: "every value differs" };
}

const SEVERAL_WORDS_SHARE_MIN = 0.6;

/** "Name" in many languages is the given name beside a surname, and the whole name where it stands alone. */
function withWholeNames(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): RecognisedColumn[] {
  if (columns.some(({ role }) => role === "surname" || role === "fullName")) return [...columns];
  const isWhole = (value: string) => wordsOf(value).length >= 2 || isWholeEastAsianName(value);
  return columns.map((column, at) => {
    const { values } = profiles[at]!;
    const isGiven = column.role === "givenName" && column.reason === "header";
    return isGiven && values.filter(isWhole).length >= values.length * SEVERAL_WORDS_SHARE_MIN
      ? { ...column, role: "fullName" as const }
      : column;
  });
}
