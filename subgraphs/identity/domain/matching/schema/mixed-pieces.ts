import { canonicalDate } from "../fields/read-date.ts";
import { dropTitles, nameWords } from "../fields/name-words.ts";
import { foldText, westernDigits } from "../text/fold-text.ts";
import { roleByHeader, roleOfAmbiguousHeader } from "./column-roles.ts";
import { isKnownGivenName } from "./name-columns.ts";

/** What one text tells of a person, taken apart; "" for what it does not. */
export interface Pieces {
  readonly name: string;
  readonly birthDate: string;
  readonly email: string;
  readonly phone: string;
  /** Whatever else it says: an address, a city. */
  readonly place: string;
  /** The name and the place together: all that has no form of its own. */
  readonly rest: string;
}

export type PieceKind = keyof Pieces;
export const PIECE_KINDS: readonly PieceKind[] = ["name", "birthDate", "email", "phone", "place"];
/** Of a text that stands beside the name of the person. */
export const PIECE_KINDS_BESIDE_NAME: readonly PieceKind[] = ["email", "phone", "rest"];

const EMAIL = /[^\s\p{Cc}<>"',;|()]+@[^\s\p{Cc}<>"',;|()]+\.[^\s\p{Cc}<>"',;|()]+/gu;
const DATE_FORMS = [
  /\d{4}(?<mark>[-./])\d{1,2}\k<mark>\d{1,2}/,
  /\d{1,2}(?<sign>[-./])\d{1,2}\k<sign>(?:\d{4}|\d{2})/,
  /\d{4}年 ?\d{1,2}月 ?\d{1,2}日/,
  /\d{1,2}\.? \p{L}{3,} \d{4}/u,
];
const DATE = new RegExp(
  `(?<![\\d+])(?:${DATE_FORMS.map(({ source }) => source).join("|")})(?![\\d\\p{L}])`,
  "gu",
);
const PHONE = /(?:\+|\(|(?<![\p{L}\d]))\d[\d ()/.-]{5,}\d/gu;
const PHONE_DIGITS_MIN = 7;
const SEPARATOR = /[,;|<>\p{Cc}]|\s[-–—•·/]\s/u;
const LABEL = /^([^:]{1,20}):\s*/u;
/** Alone between signs it says what comes next: geb., Tel., ur. */
const ABBREVIATION = /^\p{L}{1,5}\.:?$/u;
const TEXT_LENGTH_MAX = 400;

const isDate = (text: string) => /^\d{4}-/.test(canonicalDate(text, { isDayFirst: true }));
/** Postcodes of two parts look like short numbers: 30301-1234, 4000-123, 100-0001. */
const POSTCODE = /^(\d{5}-\d{3,4}|\d{4}-\d{3}|\d{3}-\d{4})$/;
const isPhone = (text: string) =>
  text.replace(/\D/g, "").length >= PHONE_DIGITS_MIN && !POSTCODE.test(text.trim());
const isLabel = (text: string) =>
  (roleByHeader(text) ?? roleOfAmbiguousHeader(text, new Set())) !== undefined;
const CONTACT_ROLES: ReadonlySet<string> = new Set(["phone", "email", "birthDate", "date"]);

/** "tel", "geb.", "Name: Anna": what says what a piece is, is no piece. */
function withoutLabel(piece: string): string {
  const label = LABEL.exec(piece);
  const told = label !== null && isLabel(label[1]!) ? piece.slice(label[0].length) : piece;
  const isBare =
    ABBREVIATION.test(told) || CONTACT_ROLES.has(roleByHeader(told.replace(/:$/, "")) ?? "");
  return isBare ? "" : told.trim();
}

const isWordy = (piece: string) => /\p{L}/u.test(piece) && !/\d/.test(piece);
const bareWords = (piece: string) => dropTitles(nameWords(piece));

/** How many pieces at the beginning are the name: two for "Lewis, Mary". */
function namePieces(pieces: readonly string[]): number {
  const [first, second] = pieces;
  if (first === undefined || !isWordy(first)) return 0;
  const words = bareWords(first);
  if (words.length !== 1 || second === undefined || !isWordy(second)) return 1;
  const isGiven = isKnownGivenName(words[0]!);
  return isGiven && !isKnownGivenName(bareWords(second)[0] ?? "") ? 1 : 2;
}

/**
 * Takes a text apart that holds all that is known of a person ("Dr. Anna Weiss, 12.03.1980, Berlin"): what has a form
 * of its own is found wherever it stands; of the rest the name comes first.
 */
export function piecesOf(text: string): Pieces {
  const found: Record<"email" | "birthDate" | "phone", string[]> = {
    email: [],
    birthDate: [],
    phone: [],
  };
  let rest = westernDigits(text).slice(0, TEXT_LENGTH_MAX);
  const take = (kind: keyof typeof found, form: RegExp, test: (value: string) => boolean) => {
    rest = rest.replace(form, (value) => {
      if (!test(value)) return value;
      found[kind].push(value.trim());
      return ",";
    });
  };
  take("email", EMAIL, () => true);
  take("birthDate", DATE, isDate);
  take("phone", PHONE, isPhone);
  const pieces = rest
    .split(SEPARATOR)
    .map((piece) => withoutLabel(piece.trim()))
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));
  const start = Math.max(0, pieces.findIndex(isWordy));
  const end = start + namePieces(pieces.slice(start));
  return {
    name: pieces.slice(start, end).join(", "),
    birthDate: found.birthDate[0] ?? "",
    email: found.email.join(" "),
    phone: found.phone.join("|"),
    place: [...pieces.slice(0, start), ...pieces.slice(end)].join(", "),
    rest: pieces.join(", "),
  };
}

/** The column that stands for a piece of a mixed column. */
export const pieceColumn = (column: string, kind: PieceKind) => `${column} › ${kind}`;

/** A row with the pieces of its mixed columns as columns of their own. */
export function withPieces<Row extends Readonly<Record<string, string | undefined>>>(
  row: Row,
  mixed: readonly string[] | undefined,
): Readonly<Record<string, string | undefined>> {
  if (mixed === undefined) return row;
  const whole: Record<string, string | undefined> = { ...row };
  for (const column of mixed) {
    const pieces = piecesOf(row[column] ?? "");
    for (const [kind, piece] of Object.entries(pieces))
      whole[pieceColumn(column, kind as PieceKind)] = piece;
  }
  return whole;
}

/** Whether a text holds a name and beside it something of a form of its own. */
export function isMixedText(text: string): boolean {
  const { name, birthDate, email, phone } = piecesOf(text);
  return name !== "" && (birthDate !== "" || email !== "" || phone !== "");
}

/** Whether a text holds words and beside them an e-mail address or a phone number. */
export function isContactText(text: string): boolean {
  const { rest, email, phone } = piecesOf(text);
  return /\p{L}/u.test(rest) && (email !== "" || phone !== "");
}

/** Whether the name in a text is one we know. */
export function holdsKnownName(text: string): boolean {
  const words = bareWords(foldText(piecesOf(text).name));
  return isKnownGivenName(words[0] ?? "") || isKnownGivenName(words.at(-1) ?? "");
}
