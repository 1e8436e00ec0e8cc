import { type Problem, problem } from "../../../kernel/errors/problem.ts";

/** Persons that one merge may take in. */
export const mergedPersonsMax = 50;

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
