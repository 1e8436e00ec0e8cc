import type { ColumnRole } from "./column-role.ts";
import {
  holdsKnownName,
  isMixedText,
  PIECE_KINDS,
  pieceColumn,
  type PieceKind,
  piecesOf,
} from "./mixed-pieces.ts";
import type { ColumnProfile } from "./profile-columns.ts";
import type { RecognisedColumn } from "./recognised-column.ts";

const MIXED_SHARE_MIN = 0.6;
const KNOWN_NAME_SHARE_MIN = 0.08;
/** A name column that hardly a row of the mixed one fills is that of another file. */
const BESIDE_SHARE_MAX = 0.02;
const VALUES_LOOKED_AT = 1_000;
/** Roles a header may give that a mixed column can be mistaken for. */
const MISTAKEN: ReadonlySet<ColumnRole> = new Set(["fullName", "text", "address"]);
const NAMES: ReadonlySet<ColumnRole> = new Set(["fullName", "givenName", "surname"]);

const shareOf = (values: readonly string[], test: (value: string) => boolean) =>
  values.length === 0 ? 0 : values.filter(test).length / values.length;

function isMixed({ role, reason }: RecognisedColumn, { values }: ColumnProfile): boolean {
  if (reason !== "content" && !(reason === "header" && MISTAKEN.has(role))) return false;
  const looked = values.slice(0, VALUES_LOOKED_AT);
  if (shareOf(looked, isMixedText) < MIXED_SHARE_MIN) return false;
  const isNamed = reason === "header" && role === "fullName";
  return isNamed || shareOf(looked, holdsKnownName) >= KNOWN_NAME_SHARE_MIN;
}

function isBesideName(
  at: number,
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): boolean {
  const rows = new Set(profiles[at]!.rows);
  return columns.some(({ role }, other) => {
    if (other === at || !NAMES.has(role)) return false;
    const shared = profiles[other]!.rows.filter((row) => rows.has(row)).length;
    return shared > rows.size * BESIDE_SHARE_MAX;
  });
}

/** Finds the columns that hold all that is known of a person in one text; beside a name they would be remarks. */
export function withMixed(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): RecognisedColumn[] {
  return columns.map((column, at) =>
    isMixed(column, profiles[at]!) && !isBesideName(at, columns, profiles)
      ? { column: column.column, role: "mixed", reason: "content" }
      : column,
  );
}

function profileOf(kind: PieceKind, { column, values, rows }: ColumnProfile): ColumnProfile {
  const pieces = values.map((value) => piecesOf(value)[kind]);
  const told = pieces.filter((piece) => piece !== "");
  return {
    column: pieceColumn(column, kind),
    values: told,
    rows: rows.filter((_, at) => pieces[at] !== ""),
    filledShare: told.length / Math.max(1, values.length),
    distinctShare: new Set(told).size / Math.max(1, told.length),
  };
}

/** Where so many of the rests hold a number they are addresses, else cities. */
const NUMBERED_SHARE_MIN = 0.3;

function roleOf(kind: PieceKind, { values }: ColumnProfile): ColumnRole {
  if (kind === "name") return "fullName";
  if (kind !== "place") return kind;
  return shareOf(values, (value) => /\d/.test(value)) >= NUMBERED_SHARE_MIN ? "address" : "city";
}

/** The pieces of the mixed columns as columns of their own, behind the others. */
export function takeApart(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): { readonly columns: RecognisedColumn[]; readonly profiles: ColumnProfile[] } {
  const mixed = columns.filter(({ role }) => role === "mixed").map(({ column }) => column);
  const pieces = profiles
    .filter(({ column }) => mixed.includes(column))
    .flatMap((profile) => PIECE_KINDS.map((kind) => ({ kind, profile: profileOf(kind, profile) })))
    .filter(({ profile }) => profile.values.length > 0);
  return {
    columns: [
      ...columns,
      ...pieces.map(({ kind, profile }): RecognisedColumn => {
        return { column: profile.column, role: roleOf(kind, profile), reason: "content" };
      }),
    ],
    profiles: [...profiles, ...pieces.map(({ profile }) => profile)],
  };
}
