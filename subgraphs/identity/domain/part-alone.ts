import type { Evidence } from "./evidence.ts";
import type { FactSheet } from "./fact.ts";
import type { KnownIdentifier } from "./person-state.ts";
import type { Component } from "./replan.ts";

/** Some identifiers with what is known among them, as if there were no others. */
export function partAlone(
  isPart: (key: string) => boolean,
  identifiers: Iterable<KnownIdentifier>,
  evidence: Iterable<Evidence>,
  sheets: Iterable<FactSheet>,
): Component {
  const own = [...identifiers].filter(({ key }) => isPart(key));
  const keys = new Set(own.map(({ key }) => key));
  return {
    identifiers: own,
    evidence: [...evidence].filter(({ low, high }) => keys.has(low) && keys.has(high)),
    sheets: [...sheets].filter(({ key }) => keys.has(key)),
    decisions: [],
    persons: [],
    redirects: [],
  };
}
