import { reachOf } from "./edge-rank.ts";
import { type Evidence, evidenceKey } from "./evidence.ts";
import { bandOf, type PolicyIndex } from "./identity-policy.ts";
import { partition, type Refusal } from "./partition.ts";
import type { Component, Replan } from "./replan.ts";
import { emptyReviewNote, type RefusedPair, type ReviewNote } from "./review-note.ts";
import { refusedPair } from "./review-of-work.ts";
import { isSampled } from "./review-sample.ts";

/** What led to a recomputation, as far as the review queue is concerned. */
export interface ReviewOccasion extends Pick<ReviewNote, "decision" | "verdict" | "reopens"> {
  /** Keys of evidence that was not known before: against a human's decision it is news. */
  fresh: ReadonlyMap<string, Evidence>;
}

export const reviewByRules: ReviewOccasion = {
  decision: null,
  verdict: null,
  reopens: true,
  fresh: new Map(),
};

/**
 * What the recomputation of whole components means to the review queue: a pure function of them,
 * but for what is new to a human.
 */
export function reviewOfPlan(
  component: Component,
  plan: Pick<Replan, "identifiers" | "refusals" | "places">,
  index: PolicyIndex,
  { fresh, ...occasion }: ReviewOccasion,
): ReviewNote {
  const kinds = new Map(component.identifiers.map(({ key, kind }) => [key, kind]));
  const reach = ({ low, high }: Evidence) => reachOf(kinds.get(low)!, kinds.get(high)!);
  const apart = plan.refusals.filter(({ constraint }) => constraint === "CANNOT_LINK");
  const byRule = plan.refusals.filter(({ constraint }) => constraint !== "CANNOT_LINK");
  const contradicts = mustLinkTest(component, index, byRule, reach);
  const isNews = ({ evidence }: Refusal) =>
    fresh.has(evidenceKey(evidence)) && reach(evidence) === 0;
  const pairOf = (cause: RefusedPair["cause"], evidence: Evidence) =>
    refusedPair(cause, evidence, plan.places.get(evidence.low)!, plan.places.get(evidence.high)!);
  return {
    ...emptyReviewNote,
    ...occasion,
    moves: plan.identifiers.map(({ key, personId }) => ({ key, personId: personId! })),
    refused: [
      ...byRule.map((refusal) =>
        pairOf(contradicts(refusal) ? "CONTRADICTION" : "CONSTRAINT", refusal.evidence),
      ),
      ...apart.filter(isNews).map(({ evidence }) => pairOf("CONTRADICTION", evidence)),
      ...unsureOf(component, plan, index).map((evidence) => pairOf("MEDIUM_MATCH", evidence)),
      ...sampleOf(component, plan, index).map((evidence) => pairOf("SAMPLE", evidence)),
    ],
    settledKeys: mayHaveChanged(component, plan, index)
      ? component.identifiers.map(({ key }) => key)
      : [],
    keptApart: apart.map(({ evidence: { low, high } }) => ({ low, high })),
  };
}

/**
 * Tells which refusals go back to a human's merge alone: evidence would join the two if he had not
 * made somebody one person who, as it seems, is not.
 */
function mustLinkTest(
  component: Component,
  index: PolicyIndex,
  refusals: readonly Refusal[],
  reach: (evidence: Evidence) => number,
): (refusal: Refusal) => boolean {
  const isLimit = ({ evidence, namespace }: Refusal) => namespace !== null && reach(evidence) === 0;
  const decisions = component.decisions.filter(({ kind }) => kind !== "MUST_LINK");
  if (decisions.length === component.decisions.length || !refusals.some(isLimit)) {
    return () => false;
  }
  const generic = new Set(component.identifiers.filter((each) => each.generic).map(keyOf));
  const { groups } = partition({ ...component, decisions, generic }, index);
  const placeOf = new Map(
    groups.flatMap(({ keys }, place) => keys.map((key) => [key, place] as const)),
  );
  return (refusal) =>
    isLimit(refusal) && placeOf.get(refusal.evidence.low) === placeOf.get(refusal.evidence.high);
}

/** Whether an item about the component may have lost its reason. */
function mayHaveChanged(
  component: Component,
  { refusals }: Pick<Replan, "refusals">,
  { policy }: PolicyIndex,
): boolean {
  return (
    refusals.length > 0 ||
    component.persons.some(
      (person) => person.conflicted || person.policyVersion !== policy.version,
    ) ||
    component.identifiers.some(({ generic }) => generic)
  );
}

/** Evidence of the medium band between two persons. */
function unsureOf(
  component: Component,
  { places }: Pick<Replan, "places">,
  { policy }: PolicyIndex,
): Evidence[] {
  const unsure = component.evidence.filter(
    ({ confidence }) => bandOf(confidence, policy) === "MEDIUM",
  );
  if (unsure.length === 0) return [];
  const generic = new Set(component.identifiers.filter((each) => each.generic).map(keyOf));
  return unsure.filter(
    ({ low, high }) =>
      !generic.has(low) &&
      !generic.has(high) &&
      places.has(low) &&
      places.has(high) &&
      places.get(low) !== places.get(high),
  );
}

/** Matches of the model that have just made two persons one, as far as they are drawn. */
function sampleOf(
  component: Component,
  { places }: Pick<Replan, "places">,
  { policy }: PolicyIndex,
): Evidence[] {
  const matches = component.evidence.filter(
    (evidence) =>
      evidence.method === "PROBABILISTIC" &&
      evidence.confidence >= policy.highFrom &&
      isSampled(evidence),
  );
  if (matches.length === 0) return [];
  const before = new Map(component.identifiers.map(({ key, personId }) => [key, personId]));
  return matches.filter(({ low, high }) => {
    const wasOne = before.get(low) !== null && before.get(low) === before.get(high);
    return !wasOne && places.has(low) && places.get(low) === places.get(high);
  });
}

function keyOf({ key }: { key: string }): string {
  return key;
}
