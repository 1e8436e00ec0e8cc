import type { Observation } from "./observation.ts";

/**
 * The observation without identifiers that were erased at or after its time (by key). Without its
 * subject it says nothing any more, and is about nobody.
 */
export function withoutErased(
  observation: Observation,
  erasedAt: ReadonlyMap<string, string>,
): Observation {
  const { at, identifiers, subject, ties } = observation;
  const isErased = (key: string) => at <= (erasedAt.get(key) ?? "");
  if (!identifiers.some(({ key }) => isErased(key))) return observation;
  if (!subject || isErased(subject.key)) {
    return {
      ...observation,
      identifiers: [],
      claimed: new Set(),
      subject: null,
      ties: [],
      traits: {},
      group: null,
    };
  }
  return {
    ...observation,
    identifiers: identifiers.filter(({ key }) => !isErased(key)),
    ties: ties.filter(({ low, high }) => !isErased(low) && !isErased(high)),
  };
}
