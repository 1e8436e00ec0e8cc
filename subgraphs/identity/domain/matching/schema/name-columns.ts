import { isCommonGivenName, surnameSigns } from "../fields/common-names.ts";
import { isNickname } from "../fields/nicknames.ts";
import { foldText, wordsOf } from "../text/fold-text.ts";
import { spellSyllables } from "../text/spell-syllables.ts";
import type { ColumnRole } from "./column-role.ts";
import type { ColumnProfile } from "./profile-columns.ts";
import type { RecognisedColumn } from "./recognised-column.ts";

const WORDY = /^[\p{L}\p{M}'’.,\u30fb -]{1,60}$/u;
const WORDY_SHARE_MIN = 0.8;
/** So many values must be known names, or turn up in the e-mail addresses beside them. */
const KNOWN_SHARE_MIN = 0.08;
const IN_EMAIL_SHARE_MIN = 0.15;
const SEVERAL_WORDS_SHARE_MIN = 0.6;
const IN_EMAIL_LETTERS_MIN = 3;

const shareOf = (values: readonly string[], test: (value: string) => boolean) =>
  values.length === 0 ? 0 : values.filter(test).length / values.length;

export const isKnownGivenName = (word: string) => isNickname(word, word) || isCommonGivenName(word);

/** Unspaced East Asian names that begin with a surname we know: surname and given name in one. */
export const isWholeEastAsianName = (value: string) => {
  const name = foldText(value).replace(/\s/g, "");
  const signs = surnameSigns(name);
  return signs > 0 && [...name].length > signs && /^\p{Script=Han}|^\p{Script=Hangul}/u.test(name);
};

export function isWordy({ values }: ColumnProfile): boolean {
  return values.length > 0 && shareOf(values, (value) => WORDY.test(value)) >= WORDY_SHARE_MIN;
}

/** The known given names stand so much more often behind than in front. */
const BEHIND_RATIO_MIN = 2;

/** Whether whole names begin with the surname: the given names we know stand behind. Commas tell for themselves. */
export function areSurnamesFirst(values: readonly string[]): boolean {
  const whole = values
    .filter((value) => !value.includes(","))
    .map((value) => wordsOf(value).map(spellSyllables));
  const several = whole.filter((words) => words.length >= 2);
  const inFront = several.filter((words) => isKnownGivenName(words[0]!)).length;
  const behind = several.filter((words) => isKnownGivenName(words.at(-1)!)).length;
  return behind > inFront * BEHIND_RATIO_MIN && behind >= several.length * KNOWN_SHARE_MIN;
}

/** How likely a column holds names of persons, whatever its header. */
interface NameEvidence {
  readonly at: number;
  readonly knownShare: number;
  readonly inEmailShare: number;
  readonly isFull: boolean;
}

function knownShare({ values }: ColumnProfile): number {
  const pick = (at: number) =>
    shareOf(values, (value) => isKnownGivenName(wordsOf(value).at(at) ?? ""));
  return Math.max(pick(0), pick(-1), shareOf(values, isWholeEastAsianName));
}

/** Share of the rows with an e-mail whose local part contains a word of the value. */
function inEmailShare(profile: ColumnProfile, emailByRow: ReadonlyMap<number, string>): number {
  let [told, found] = [0, 0];
  profile.values.forEach((value, at) => {
    const local = emailByRow.get(profile.rows[at]!);
    if (local === undefined) return;
    told++;
    const words = wordsOf(value).filter((word) => word.length >= IN_EMAIL_LETTERS_MIN);
    if (words.some((word) => local.includes(word))) found++;
  });
  return told === 0 ? 0 : found / told;
}

function emailsByRow(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): Map<number, string> {
  const emails = new Map<number, string>();
  columns.forEach(({ role }, at) => {
    if (role !== "email") return;
    const { values, rows } = profiles[at]!;
    values.forEach((value, place) => {
      emails.set(rows[place]!, foldText(value).split("@")[0]!);
    });
  });
  return emails;
}

function weighColumns(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): NameEvidence[] {
  const emails = emailsByRow(columns, profiles);
  return columns.flatMap(({ role, reason }, at) => {
    const profile = profiles[at]!;
    const isOpen = reason === "content" && ["text", "category", "ignored"].includes(role);
    if (!isOpen || !isWordy(profile)) return [];
    const severalWords = shareOf(profile.values, (value) => wordsOf(value).length >= 2);
    const wholeShare = shareOf(profile.values, isWholeEastAsianName);
    return [
      {
        at,
        knownShare: knownShare(profile),
        inEmailShare: inEmailShare(profile, emails),
        isFull: severalWords >= SEVERAL_WORDS_SHARE_MIN || wholeShare >= SEVERAL_WORDS_SHARE_MIN,
      },
    ];
  });
}

const scoreOf = ({ knownShare: known, inEmailShare: inEmail }: NameEvidence) => known + inEmail;
const isTelling = ({ knownShare: known, inEmailShare: inEmail }: NameEvidence) =>
  known >= KNOWN_SHARE_MIN || inEmail >= IN_EMAIL_SHARE_MIN;

/**
 * Finds the columns of names that no header named: by given names known anywhere, by the e-mail addresses beside them,
 * and by standing next to each other.
 */
export function withNames(
  columns: readonly RecognisedColumn[],
  profiles: readonly ColumnProfile[],
): RecognisedColumn[] {
  const has = (role: ColumnRole) => columns.some((column) => column.role === role);
  if (has("fullName") || (has("givenName") && has("surname"))) return [...columns];
  const open = weighColumns(columns, profiles);
  const settled = new Map<number, ColumnRole>();
  const best = [...open].sort((left, right) => scoreOf(right) - scoreOf(left))[0];
  const given = columns.findIndex(({ role }) => role === "givenName");
  const surname = columns.findIndex(({ role }) => role === "surname");
  if (given < 0 && best !== undefined && isTelling(best))
    settled.set(best.at, best.isFull && surname < 0 ? "fullName" : "givenName");
  const anchor =
    given >= 0 ? given : ([...settled].find(([, role]) => role === "givenName")?.[0] ?? -1);
  if (surname < 0 && anchor >= 0) {
    const beside = surnameBeside(open, anchor);
    if (beside !== undefined) settled.set(beside, "surname");
  }
  return columns.map((column, at) => ({ ...column, role: settled.get(at) ?? column.role }));
}

/** The wordy column that the e-mail addresses name, else the one right behind or before the given name. */
function surnameBeside(open: readonly NameEvidence[], given: number): number | undefined {
  const others = open.filter(({ at }) => at !== given);
  const inEmail = others
    .filter((other) => other.inEmailShare >= IN_EMAIL_SHARE_MIN)
    .sort((left, right) => right.inEmailShare - left.inEmailShare)[0];
  if (inEmail !== undefined) return inEmail.at;
  return [given + 1, given - 1].find((at) => others.some((other) => other.at === at));
}
