import { surnameSigns } from "./common-names.ts";
import { dropTitles, generationOf, isTitle, nameWords, takeGeneration } from "./name-words.ts";

/** A whole name taken apart. */
export interface SplitName {
  readonly given: string[];
  readonly surname: string[];
  readonly generation: string;
}

const PARTICLES = new Set(
  "van von der den de la le du da di del della dos das ter ten zu zum zur af av al el bin ibn ben st mac o".split(
    " ",
  ),
);
const EAST_ASIAN =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}々ー]+$/u;
const IDEOGRAPHS = /^[\p{Script=Han}\p{Script=Hangul}々]+$/u;
const LONG_NAME_SIGNS = 4;

/** An unspaced name: the surname we know at its beginning, else one sign, of a long name two. */
function splitSigns(name: string): SplitName {
  const signs = [...name];
  const isHangul = /\p{Script=Hangul}/u.test(name);
  const usual = signs.length >= LONG_NAME_SIGNS && !isHangul ? 2 : 1;
  const cut = Math.min(surnameSigns(name) || usual, signs.length - 1);
  return {
    given: [signs.slice(cut).join("")],
    surname: [signs.slice(0, cut).join("")],
    generation: "",
  };
}

function splitEastAsian(words: readonly string[]): SplitName | undefined {
  if (words.length === 0 || !words.every((word) => EAST_ASIAN.test(word))) return undefined;
  if (words.length > 1)
    return { given: words.slice(1), surname: words.slice(0, 1), generation: "" };
  const [name] = words as [string];
  return [...name].length > 1 && IDEOGRAPHS.test(name) ? splitSigns(name) : undefined;
}

const isCapital = (part: string) => {
  const letters = part.replace(/^(Mc|Mac|D['’]|O['’])(?=\p{Lu})/u, "");
  return /\p{Lu}.*\p{Lu}/u.test(letters) && !/\p{Ll}|\./u.test(letters);
};

/** "DUPONT Jean", "Jean DUPONT", "de la CRUZ Ana": capitals set the surname apart. */
function splitByCapitals(full: string): SplitName | undefined {
  const parts = full.split(/\s+/).filter((part) => nameWords(part).some((word) => !isTitle(word)));
  if (!parts.some(isCapital) || !parts.some((part) => /\p{Ll}/u.test(part))) return undefined;
  const isOfSurname = parts.map(isCapital);
  for (let at = parts.length - 2; at >= 0; at--)
    isOfSurname[at] ||= isOfSurname[at + 1]! && PARTICLES.has(parts[at]!);
  const isName = (word: string) => generationOf(word) === undefined;
  const wordsWhere = (isWanted: boolean) =>
    parts.filter((_, at) => isOfSurname[at] === isWanted).flatMap(nameWords);
  const [given, surname] = [wordsWhere(false).filter(isName), wordsWhere(true).filter(isName)];
  if (given.length === 0 || surname.length === 0) return undefined;
  const told = parts.flatMap(nameWords).find((word) => !isName(word)) ?? "";
  return { given, surname, generation: generationOf(told) ?? "" };
}

function splitByComma(full: string, comma: number): SplitName | undefined {
  const behind = nameWords(full.slice(comma + 1));
  if (behind.every((word) => isTitle(word) || generationOf(word) !== undefined)) return undefined;
  const surname = dropTitles(nameWords(full.slice(0, comma)));
  const generation = takeGeneration(surname);
  const given = dropTitles(behind);
  return { given, surname, generation: generation || takeGeneration(given) };
}

/** Takes a whole name apart; `isSurnameFirst` is what the whole column shows where the name itself does not. */
export function splitFullName(full: string, isSurnameFirst: boolean): SplitName {
  const comma = full.indexOf(",");
  const told = comma < 0 ? splitByCapitals(full) : splitByComma(full, comma);
  if (told !== undefined) return told;
  const words = dropTitles(nameWords(full));
  const eastAsian = splitEastAsian(words);
  if (eastAsian !== undefined) return eastAsian;
  const generation = takeGeneration(words);
  if (words.length < 2) return { given: words, surname: [], generation };
  if (isSurnameFirst) {
    let cut = 1;
    while (cut < words.length - 1 && PARTICLES.has(words[cut - 1]!)) cut++;
    return { given: words.slice(cut), surname: words.slice(0, cut), generation };
  }
  let cut = words.length - 1;
  while (cut > 1 && PARTICLES.has(words[cut - 1]!)) cut--;
  return { given: words.slice(0, cut), surname: words.slice(cut), generation };
}
