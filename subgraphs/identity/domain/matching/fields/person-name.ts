import { foldText } from "../text/fold-text.ts";

/** A person's name, folded; "" where a part is not given. */
export interface PersonName {
  readonly given: string;
  /** All given names after the first, and initials, separated by blanks. */
  readonly middle: string;
  readonly surname: string;
  /** jr, sr, ii, iii …: tells father from son. */
  readonly generation: string;
}

/** The columns a name may be spread over; each as it stood in the source. */
export interface NameParts {
  readonly full?: string;
  readonly given?: string;
  readonly middle?: string;
  readonly surname?: string;
  readonly generation?: string;
}

const TITLES = new Set(
  (
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend revd hon rt capt captain col colonel " +
    "maj major gen general lt lieutenant sgt admiral sister brother father fr baron baroness baronet earl duke " +
    "duchess count countess viscount viscountess marquess marquis bt bart esq esquire phd md mbe obe cbe kbe " +
    "herr frau monsieur madame mme mlle don dona doña señor señora sr. sra signor signora ing dipl mag the of"
  ).split(" "),
);
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
const PARTICLES = new Set(
  "van von der den de la le du da di del della dos das ter ten zu zum zur af av al el bin ibn ben st mac o".split(
    " ",
  ),
);
const ORDINAL = /^\d+(st|nd|rd|th)?$/;
const NON_WORD = /[^\p{L}\p{M}\p{N}-]+/u;

function nameWords(text: string): string[] {
  const plain = foldText(text)
    .replace(/\([^)]*\)|"[^"]*"/g, " ")
    .replace(/['’`´]/g, "");
  return plain.split(NON_WORD).filter((word) => word !== "" && word !== "-");
}

const isTitle = (word: string) => TITLES.has(word) || ORDINAL.test(word);

function dropTitles(words: string[]): string[] {
  const kept = words.filter((word) => !isTitle(word));
  return kept.length > 0 ? kept : words;
}

/** Takes a trailing generation ("Smith Jr", "Klein Morris II") off the words. */
function takeGeneration(words: string[]): string {
  const last = words.at(-1) ?? "";
  const generation = words.length > 1 ? GENERATIONS.get(last) : undefined;
  if (generation === undefined) return "";
  words.pop();
  return generation;
}

function splitFullName(full: string): { given: string[]; surname: string[]; generation: string } {
  const comma = full.indexOf(",");
  const behind = comma < 0 ? [] : nameWords(full.slice(comma + 1));
  const isInverted = behind.some(
    (word) => !TITLES.has(word) && !ORDINAL.test(word) && !GENERATIONS.has(word),
  );
  const words = dropTitles(nameWords(comma >= 0 && isInverted ? full.slice(0, comma) : full));
  const generation = takeGeneration(words);
  if (comma >= 0 && isInverted) return { given: dropTitles(behind), surname: words, generation };
  let cut = words.length - 1;
  while (cut > 1 && PARTICLES.has(words[cut - 1]!)) cut--;
  return words.length < 2
    ? { given: words, surname: [], generation }
    : { given: words.slice(0, cut), surname: words.slice(cut), generation };
}

/** One name out of what the columns tell; the full name is taken apart only where the parts are missing. */
export function readPersonName(parts: NameParts): PersonName | undefined {
  const givenWords = nameWords(parts.given ?? "");
  const surnameWords = nameWords(parts.surname ?? "");
  const stated = nameWords(parts.generation ?? "")[0] ?? "";
  let given = dropTitles(givenWords);
  let surname = dropTitles(surnameWords);
  let generation = GENERATIONS.get(stated) ?? (takeGeneration(surname) || takeGeneration(given));
  const isTitleOnly = given.every(isTitle);
  const full = parts.full ?? "";
  if (full !== "" && (isTitleOnly || surname.every((word) => TITLES.has(word)))) {
    const split = splitFullName(full);
    given = split.given;
    surname = split.surname;
    generation ||= split.generation;
  }
  if ([...given, ...surname].every(isTitle)) return undefined;
  const middle = middleWords(parts, given, surname);
  return {
    given: given[0] ?? "",
    middle: middle.join(" "),
    surname: surname.join(" "),
    generation,
  };
}

function middleWords(parts: NameParts, given: string[], surname: string[]): string[] {
  const known = new Set([...given.slice(0, 1), ...surname]);
  const behind = [...given.slice(1), ...nameWords(parts.middle ?? "")];
  const inFull = dropTitles(nameWords(parts.full ?? "")).filter((word) => !GENERATIONS.has(word));
  const candidates = behind.length > 0 ? behind : given.length > 0 ? inFull : [];
  return [
    ...new Set(
      candidates.filter((word) => !known.has(word) && !TITLES.has(word) && !ORDINAL.test(word)),
    ),
  ];
}
