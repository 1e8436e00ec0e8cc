import {
  dropTitles,
  generationOf,
  isGenerationWord,
  isOnlyTitle,
  isTitle,
  nameWords,
  takeGeneration,
} from "./name-words.ts";
import { spellSurname, spellSyllables } from "../text/spell-syllables.ts";
import { splitFullName } from "./split-full-name.ts";

/** A person's name, folded, Hangul and kana in Latin letters; "" where a part is not given. */
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

/** One name out of what the columns tell; the full name is taken apart only where the parts are missing. */
export function readPersonName(parts: NameParts, isSurnameFirst = false): PersonName | undefined {
  const stated = nameWords(parts.generation ?? "")[0] ?? "";
  let given = dropTitles(nameWords(parts.given ?? ""));
  let surname = dropTitles(nameWords(parts.surname ?? ""));
  let generation = generationOf(stated) ?? (takeGeneration(surname) || takeGeneration(given));
  const full = parts.full ?? "";
  if (full !== "" && (given.every(isOnlyTitle) || surname.every(isTitle))) {
    const split = splitFullName(full, isSurnameFirst);
    given = split.given;
    surname = split.surname;
    generation ||= split.generation;
  }
  if ([...given, ...surname].every(isOnlyTitle)) return undefined;
  const isLeft = (word: string) => generation === "" || !isGenerationWord(word);
  const middle = middleWords(parts, given, surname).filter(isLeft);
  return {
    given: spellSyllables(given[0] ?? ""),
    middle: middle.map(spellSyllables).join(" "),
    surname: surname.map(spellSurname).join(" "),
    generation,
  };
}

function middleWords(parts: NameParts, given: string[], surname: string[]): string[] {
  const known = new Set([...given.slice(0, 1), ...surname]);
  const behind = [...given.slice(1), ...nameWords(parts.middle ?? "")];
  const inFull = dropTitles(nameWords(parts.full ?? ""));
  const isUnspaced = inFull.length === 1;
  const candidates = behind.length > 0 ? behind : given.length > 0 && !isUnspaced ? inFull : [];
  return [...new Set(candidates.filter((word) => !known.has(word) && !isTitle(word)))];
}
