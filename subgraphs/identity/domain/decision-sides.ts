import type { Decision } from "./decision.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { compareStrength } from "./observation.ts";
import type { KnownIdentifier } from "./person-state.ts";

/**
 * The identifiers that stand for a person in a decision: those a constraint could count, or else
 * the strongest one. Devices and sessions follow their evidence.
 */
export function standingKeys(
  identifiers: readonly KnownIdentifier[],
  index: PolicyIndex,
): string[] {
  const persons = identifiers.filter(({ kind }) => kind === "PERSON");
  if (persons.length > 0) return persons.map(({ key }) => key);
  const [strongest] = [...identifiers].sort(
    (a, b) => compareStrength(a, b, index) || (a.key < b.key ? -1 : 1),
  );
  return strongest ? [strongest.key] : [];
}

/**
 * Who has to be named so that some persons are one whatever was decided before: what stands for
 * each, and what an earlier decision keeps apart.
 */
export function mergeSide(
  persons: readonly (readonly KnownIdentifier[])[],
  decisions: readonly Decision[],
  index: PolicyIndex,
): string[] {
  const own = new Set(persons.flat().map(({ key }) => key));
  const apart = decisions
    .filter(({ kind }) => kind === "CANNOT_LINK")
    .flatMap(({ left, right }) => [...left, ...right])
    .filter((key) => own.has(key));
  return [...new Set([...persons.flatMap((each) => standingKeys(each, index)), ...apart])];
}

/**
 * The two sides of a split: the named identifiers, and what stands for the rest of the person. An id
 * that an alias only claims to exist stands for nobody.
 */
export function splitSides(
  named: ReadonlySet<string>,
  identifiers: readonly KnownIdentifier[],
): { left: string[]; right: string[] } {
  const rest = identifiers.filter(({ key, seen }) => seen && !named.has(key));
  const persons = rest.filter(({ kind }) => kind === "PERSON");
  const right = persons.length > 0 ? persons : rest;
  return { left: [...named], right: right.map(({ key }) => key) };
}
