import { wordsOf } from "../text/fold-text.ts";
import type { ColumnRole } from "./column-role.ts";
import {
  holdsKnownName,
  isContactText,
  isMixedText,
  PIECE_KINDS,
  PIECE_KINDS_BESIDE_NAME,
  pieceColumn,
  type PieceKind,
  type Pieces,
  piecesOf,
} from "./mixed-pieces.ts";
import type { ColumnProfile } from "./profile-columns.ts";
import type { RecognisedColumn } from "./recognised-column.ts";

const MIXED_SHARE_MIN = 0.6;
/** Beside a name so many addresses with a phone number or an e-mail in them are enough to look for more. */
const CONTACT_SHARE_MIN = 0.3;
const NAME_AGAIN_SHARE_MAX = 0.3;
const EITHER_SHARE_MIN = 0.8;
const EACH_SHARE_MIN = 0.1;
const KNOWN_NAME_SHARE_MIN = 0.08;
/** A name column that hardly a row of the mixed one fills is that of another file. */
const BESIDE_SHARE_MAX = 0.02;
const VALUES_LOOKED_AT = 1_000;
/** Roles a header may give that a mixed column can be mistaken for. */
const MISTAKEN: ReadonlySet<ColumnRole> = new Set(["fullName", "text", "address"]);
/** The same beside a name. */
const MISTAKEN_BESIDE_NAME: ReadonlySet<ColumnRole> = new Set([
  "text",
  "address",
  "street",
  "city",
  "phone",
]);
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

/** Words of the name by row, from all columns of names but one. */
function namesByRow(
  at: number,
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): Map<number, string[]> {
  const names = new Map<number, string[]>();
  columns.forEach(({ role }, other) => {
    if (other === at || !NAMES.has(role)) return;
    profiles[other]!.values.forEach((value, place) => {
      const row = profiles[other]!.rows[place]!;
      names.set(row, [...(names.get(row) ?? []), ...wordsOf(value)]);
    });
  });
  return names;
}

/** An address with a phone number or an e-mail in it; where the words are the name again they tell nothing new. */
function isMixedBesideName(
  at: number,
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): boolean {
  const [{ role, reason }, { values, rows }] = [columns[at]!, profiles[at]!];
  if (reason !== "content" && !(reason === "header" && MISTAKEN_BESIDE_NAME.has(role)))
    return false;
  const looked = values.slice(0, VALUES_LOOKED_AT);
  if (shareOf(looked, isContactText) < CONTACT_SHARE_MIN) return false;
  const names = namesByRow(at, columns, profiles);
  const named = looked.filter((value, place) => {
    const rest = wordsOf(piecesOf(value).rest);
    return names.get(rows[place]!)?.some((word) => rest.includes(word)) === true;
  });
  return named.length < looked.length * NAME_AGAIN_SHARE_MAX;
}

/** E-mail addresses in some rows, phone numbers in others: whatever reaches the person. */
function isEither({ role, reason }: RecognisedColumn, { values }: ColumnProfile): boolean {
  if (reason !== "content" && !(reason === "header" && (role === "phone" || role === "email")))
    return false;
  const looked = values.slice(0, VALUES_LOOKED_AT).map(piecesOf);
  const share = (test: (pieces: Pieces) => boolean) => looked.filter(test).length / looked.length;
  return (
    share(({ email, phone, rest }) => rest === "" && (email !== "" || phone !== "")) >=
      EITHER_SHARE_MIN &&
    share(({ email }) => email !== "") >= EACH_SHARE_MIN &&
    share(({ phone }) => phone !== "") >= EACH_SHARE_MIN
  );
}

/** Finds the columns that hold all that is known of a person in one text, or beside the name how to reach them. */
export function withMixed(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): RecognisedColumn[] {
  return columns.map((column, at) => {
    const isFound = isBesideName(at, columns, profiles)
      ? isMixedBesideName(at, columns, profiles)
      : isMixed(column, profiles[at]!);
    return isFound || isEither(column, profiles[at]!)
      ? { column: column.column, role: "mixed", reason: "content" }
      : column;
  });
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
  if (kind !== "place" && kind !== "rest") return kind;
  return shareOf(values, (value) => /\d/.test(value)) >= NUMBERED_SHARE_MIN ? "address" : "city";
}

/** The pieces of the mixed columns as columns of their own, behind the others. */
export function takeApart(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): { readonly columns: RecognisedColumn[]; readonly profiles: ColumnProfile[] } {
  const own = columns.map(({ column }) => profiles.find((profile) => profile.column === column)!);
  const pieces = columns
    .flatMap(({ role }, at) => {
      if (role !== "mixed") return [];
      const kinds = isBesideName(at, columns, own) ? PIECE_KINDS_BESIDE_NAME : PIECE_KINDS;
      return kinds.map((kind) => ({ kind, profile: profileOf(kind, own[at]!) }));
    })
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
