import { compareText } from "./evidence.ts";

/**
 * Why somebody has to look: a match that is not sure enough to act upon, a tie that a constraint
 * refused, evidence that contradicts a human's decision, or a match drawn by lot to see how often
 * the matcher is wrong.
 */
export const reviewCauses = ["MEDIUM_MATCH", "CONSTRAINT", "CONTRADICTION", "SAMPLE"] as const;
export type ReviewCause = (typeof reviewCauses)[number];

/** Causes of questions that wait for an answer; samples can wait. */
export const questionCauses = ["MEDIUM_MATCH", "CONSTRAINT", "CONTRADICTION"] as const;

/** CLOSED: its reason has gone without a verdict. */
export const reviewStates = ["OPEN", "DECIDED", "CLOSED"] as const;
export type ReviewState = (typeof reviewStates)[number];

export const reviewVerdicts = ["APPROVE", "REJECT", "DEFER"] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];

/** What one field of two records says: bits for (positive) or against. */
export interface FieldWeight {
  field: string;
  outcome: string;
  weightBits: number;
}

/**
 * Two identifiers of which somebody has to say whether they are one person. It names identifiers
 * and not persons, so that it stays true through merges and splits.
 */
export interface NewReviewItem {
  cause: ReviewCause;
  /** One key each; the order makes no difference. */
  sides: readonly [string, string];
  /** Persons of the sides, in their order; null: nobody yet. */
  persons: readonly [string | null, string | null];
  /** 0 to 1; null where no model was asked. */
  probability: number | null;
  weights: readonly FieldWeight[];
  /** Names of the sources that are the evidence. */
  sources: readonly string[];
}

export interface ReviewItem extends NewReviewItem {
  id: string;
  createdAt: string;
  /** Its place in the queue: when it came in, or the time it was deferred to. */
  dueAt: string;
  assignee: string | null;
  state: ReviewState;
  verdict: ReviewVerdict | null;
  decidedBy: string | null;
  decidedAt: string | null;
  reason: string | null;
  deferredUntil: string | null;
  decisionId: string | null;
}

/** Fields one item may weigh; what is beyond weighs least. */
export const reviewWeightsMax = 50;
export const reviewSourcesMax = 20;

/** The same item with the lesser key first: how it is kept. */
export function inOrder(item: NewReviewItem): NewReviewItem {
  const { sides, persons } = item;
  const isOrdered = compareText(sides[0], sides[1]) <= 0;
  return {
    ...item,
    sides: isOrdered ? sides : [sides[1], sides[0]],
    persons: isOrdered ? persons : [persons[1], persons[0]],
    weights: strongestOf(item.weights),
    sources: sourcesOf(item.sources),
  };
}

/** Two may be tied more than once (seen together, and an alias): one item names all its sources. */
export function onePerPair(items: readonly NewReviewItem[]): NewReviewItem[] {
  const kept = new Map<string, NewReviewItem>();
  for (const item of items) {
    const pair = `${item.cause} ${item.sides.join("\u0001")}`;
    const known = kept.get(pair);
    kept.set(pair, known ? together(known, item) : item);
  }
  return [...kept.values()];
}

function together(one: NewReviewItem, other: NewReviewItem): NewReviewItem {
  return {
    ...other,
    probability: other.probability ?? one.probability,
    weights: other.weights.length > 0 ? other.weights : one.weights,
    sources: sourcesOf([...one.sources, ...other.sources]),
  };
}

function sourcesOf(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compareText).slice(0, reviewSourcesMax);
}

function strongestOf(weights: readonly FieldWeight[]): readonly FieldWeight[] {
  if (weights.length <= reviewWeightsMax) return weights;
  return [...weights]
    .sort((a, b) => Math.abs(b.weightBits) - Math.abs(a.weightBits))
    .slice(0, reviewWeightsMax);
}
