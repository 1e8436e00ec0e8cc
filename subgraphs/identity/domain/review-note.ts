import type { ReviewVerdict } from "./review-item.ts";

/** Two identifiers that evidence ties and that are two persons all the same. */
export interface ReviewPair {
  /** The lesser of the two keys. */
  low: string;
  high: string;
}

/** Something a human has to look at: why, who the two are now, how sure. */
export interface RefusedPair extends ReviewPair {
  cause: "MEDIUM_MATCH" | "CONSTRAINT" | "CONTRADICTION" | "SAMPLE";
  lowPerson: string;
  highPerson: string;
  /** Of a probabilistic tie; null: it was certain. */
  probability: number | null;
  /** Distinct source names. */
  sources: readonly string[];
}

/** A human's word on review items, as a part of the unit of work that puts it in force. */
export interface VerdictNote {
  itemIds: readonly string[];
  verdict: Exclude<ReviewVerdict, "DEFER">;
  decidedBy: string;
  /** ISO 8601. */
  decidedAt: string;
  reason: string;
  /** Null where the word was only noted. */
  decisionId: string | null;
}

/**
 * What one unit of work means to the review queue. It is applied in the order of the fields and in
 * the transaction of the unit, or, where the graph has an engine of its own, right after it, once.
 */
export interface ReviewNote {
  /** A decision was put in force or withdrawn: its items follow. */
  decision: { id: string; step: "MADE" | "WITHDRAWN" } | null;
  verdict: VerdictNote | null;
  /** Persons that are part of another one now. */
  merges: readonly { from: string; to: string }[];
  /** Identifiers that belong to another person than before. */
  moves: readonly { key: string; personId: string }[];
  /** False where a human took the persons apart: he need not be asked about it. */
  reopens: boolean;
  refused: readonly RefusedPair[];
  /**
   * Identifiers all of whose refusals stand in `refused` or `keptApart`; other open items of theirs
   * have lost their reason.
   */
  settledKeys: readonly string[];
  /** Pairs that nothing but a human's word keeps apart. */
  keptApart: readonly ReviewPair[];
}

export const emptyReviewNote: ReviewNote = {
  decision: null,
  verdict: null,
  merges: [],
  moves: [],
  reopens: true,
  refused: [],
  settledKeys: [],
  keptApart: [],
};

/** Whether the review queue has anything to learn from it. */
export function saysSomething(note: ReviewNote): boolean {
  const { decision, verdict, merges, moves, refused, settledKeys } = note;
  return (
    decision !== null ||
    verdict !== null ||
    [merges, moves, refused, settledKeys].some((list) => list.length > 0)
  );
}
