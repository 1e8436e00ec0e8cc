import { foldText } from "../text/fold-text.ts";

const TITLES = new Set(
  (
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend revd hon rt capt captain col colonel " +
    "maj major gen general lt lieutenant sgt admiral sister brother father fr baron baroness baronet earl duke " +
    "duchess count countess viscount viscountess marquess marquis bt bart esq esquire phd md mbe obe cbe kbe " +
    "herr frau monsieur madame mme mlle don dona doña señor señora sr. sra signor signora ing dipl mag the of " +
    "med jur habil dott dottssa avv arq lic mgr inz mudr judr bc drs dra 様 さん 先生 女士 小姐 씨 님"
  ).split(" "),
);
/** Titles that are given names as well: dropped only where a given name and a surname are left. */
const TITLES_OR_NAMES = new Set("don earl duke major baron".split(" "));
const WORDS_OF_A_NAME = 2;
const GENERATIONS = new Map([
  ["jr", "2"],
  ["junior", "2"],
  ["jnr", "2"],
  ["sr", "1"],
  ["senior", "1"],
  ["snr", "1"],
  ["i", "1"],
  ["ii", "2"],
  ["iii", "3"],
  ["iv", "4"],
]);
/** Words that tell a generation behind a whole name and are surnames elsewhere. */
const GENERATIONS_OR_SURNAMES = new Map([
  ["filho", "2"],
  ["hijo", "2"],
  ["fils", "2"],
  ["neto", "3"],
]);
const ORDINAL = /^\d+(st|nd|rd|th)?$/;
const NON_WORD = /[^\p{L}\p{M}\p{N}-]+/u;

/** Written to the end of an unspaced name: 田中様. */
const HONORIFIC_BEHIND =
  /^([\p{Script=Han}\p{Script=Hangul}]{2,})(様|さん|さま|殿|先生|女士|小姐|씨|님)$/u;

/** The folded words of a name; what stands in brackets or quotes is left out. */
export function nameWords(text: string): string[] {
  const plain = foldText(text)
    .replace(/\([^)]*\)|"[^"]*"/g, " ")
    .replace(/['’`´]/g, "");
  return plain
    .split(NON_WORD)
    .filter((word) => word !== "" && word !== "-")
    .map((word) => word.replace(HONORIFIC_BEHIND, "$1"));
}

export const isTitle = (word: string) => TITLES.has(word) || ORDINAL.test(word);

/** A word that is nothing but a title, wherever it stands. */
export const isOnlyTitle = (word: string) => isTitle(word) && !TITLES_OR_NAMES.has(word);

/** A generation as it is told on its own: "Jr", "III". */
export function generationOf(word: string): string | undefined {
  return GENERATIONS.get(word);
}

/** Whether a word may tell a generation at the end of a name. */
export const isGenerationWord = (word: string) =>
  GENERATIONS.has(word) || GENERATIONS_OR_SURNAMES.has(word);

export function dropTitles(words: readonly string[]): string[] {
  const names = words.filter((word) => !isTitle(word));
  if (names.length >= WORDS_OF_A_NAME) return names;
  const kept = words.filter((word) => !isOnlyTitle(word));
  return kept.length > 0 ? kept : [...words];
}

/** Takes a trailing generation ("Smith Jr", "Klein Morris II", "José da Silva Filho") off the words. */
export function takeGeneration(words: string[]): string {
  const last = words.at(-1) ?? "";
  const generation =
    (words.length > 1 ? GENERATIONS.get(last) : undefined) ??
    (words.length > WORDS_OF_A_NAME ? GENERATIONS_OR_SURNAMES.get(last) : undefined);
  if (generation === undefined) return "";
  words.pop();
  return generation;
}
