import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";

/** Persons that one merge may take in. */
export const mergedPersonsMax = 50;

/** Identifiers that one split may name. */
export const splitIdentifiersMax = 500;

/** What is wrong with a merge; `ids` has the living person of each known id. */
export function mergeProblems(
  { into, from }: { into: string; from: readonly string[] },
  ids: ReadonlyMap<string, string>,
): Problem[] {
  const problems: Problem[] = [];
  if (!ids.has(into)) problems.push(unknownPerson(["into"]));
  from.forEach((id, place) => {
    if (!ids.has(id)) problems.push(unknownPerson(["from", place]));
    else if (ids.get(id) === ids.get(into)) {
      const text = "This is the person to merge into already.";
      problems.push(problem("SAME_PERSON", text, ["from", place]));
    }
  });
  if (from.length === 0 || from.length > mergedPersonsMax) {
    problems.push(problem("PERSONS_COUNT", `Name 1 to ${mergedPersonsMax} persons.`, ["from"]));
  }
  return problems;
}

export function unknownPerson(path: (string | number)[]): Problem {
  return problem("PERSON_UNKNOWN", "There is no person of this id.", path);
}

export function tooLarge(field: string): Problem {
  return problem("TOO_LARGE", "Too many identifiers for one decision.", [field]);
}

export function notRevertible(text: string): Problem {
  return problem("NOT_REVERTIBLE", text, ["change"]);
}

/** A change that cannot be split off, because there was nothing else, or nothing is left of it. */
export function notABeginning(): Problem {
  const text = "Nothing of this person came with that change, or there was nothing before it.";
  return problem("NOTHING_LEFT", text, ["before"]);
}

export function tooLongAgo(field: string): Problem {
  return problem("TOO_LARGE", "Too much has happened since that change.", [field]);
}

/** The identifiers that leave a person, and what is wrong with them; `read` gives their keys. */
export function identifiersOfSplit(
  raw: readonly RawIdentifier[],
  own: readonly KnownIdentifier[],
  read: (raw: RawIdentifier) => string | undefined,
): { named: Set<string>; problems: Problem[] } {
  const ownKeys = new Set(own.map(({ key }) => key));
  const problems: Problem[] = [];
  const named = new Set<string>();
  raw.forEach((each, place) => {
    const key = read(each);
    if (key !== undefined && ownKeys.has(key)) named.add(key);
    else {
      const text = "This identifier is not one of the person's.";
      problems.push(problem("IDENTIFIER_NOT_OF_PERSON", text, ["identifiers", place]));
    }
  });
  if (raw.length === 0 || raw.length > splitIdentifiersMax) {
    const text = `Name 1 to ${splitIdentifiersMax} identifiers.`;
    problems.push(problem("IDENTIFIERS_COUNT", text, ["identifiers"]));
  } else if (problems.length === 0 && own.every(({ key, seen }) => named.has(key) || !seen)) {
    const text = "These are all identifiers of the person: nothing would be left.";
    problems.push(problem("NOTHING_LEFT", text, ["identifiers"]));
  }
  return { named, problems };
}
