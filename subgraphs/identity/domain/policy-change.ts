import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { IdentityPolicy } from "./identity-policy.ts";

/** What is known of the identifiers of a namespace, as far as a change of the policy asks. */
export interface NamespaceUse {
  /** Whether there are any. */
  isUsed: boolean;
  /** Whether there are values without a country code. */
  hasNationalNumbers: boolean;
}

/**
 * Whether stored identifiers can be read under a new policy: only their normalised values are
 * kept, so what another normaliser would have made of them cannot be told.
 */
export function rereadProblems(
  before: IdentityPolicy,
  after: IdentityPolicy,
  useOf: (namespace: string) => NamespaceUse,
): Problem[] {
  const problems: Problem[] = [];
  const known = new Map(before.namespaces.map((each) => [each.name, each]));
  for (const { name, normaliser, kind } of after.namespaces) {
    const was = known.get(name);
    if (!was || !useOf(name).isUsed) continue;
    for (const [field, isChanged] of [
      ["normaliser", was.normaliser !== normaliser],
      ["kind", was.kind !== kind],
    ] as const) {
      if (!isChanged) continue;
      const text = `There are identifiers of ${name}; its ${field} cannot change any more.`;
      problems.push(problem("NAMESPACE_IN_USE", text, ["policy", "namespaces", name, field]));
    }
  }
  if (before.phoneRegion === after.phoneRegion) return problems;
  const phones = after.namespaces.filter(({ normaliser }) => normaliser === "PHONE");
  const isUnreadable = phones.some(({ name }) => {
    const use = useOf(name);
    return before.phoneRegion === null ? use.hasNationalNumbers : use.isUsed;
  });
  if (isUnreadable) {
    const text = "There are phone numbers that the new region would read otherwise.";
    problems.push(problem("NAMESPACE_IN_USE", text, ["policy", "phoneRegion"]));
  }
  return problems;
}
