import type { JoinVerdict } from "./decide-join.ts";
import { type Evidence, evidenceKey } from "./evidence.ts";
import { bandOf, type PolicyIndex } from "./identity-policy.ts";
import type { Party } from "./party.ts";
import { emptyReviewNote, type RefusedPair, type ReviewNote } from "./review-note.ts";
import { isSampled } from "./review-sample.ts";

/** What resolution of a batch leaves for a human to look at. */
export class ReviewBook {
  /** Evidence that was not known before, by key. */
  readonly fresh = new Map<string, Evidence>();
  private readonly refused: Evidence[] = [];
  private readonly joined: Evidence[] = [];

  /** Evidence that was never seen before. */
  meet(evidence: Evidence): void {
    this.fresh.set(evidenceKey(evidence), evidence);
  }

  /** What became of evidence that may join. */
  take(verdict: JoinVerdict, evidence: Evidence): void {
    if (verdict === "REFUSE") this.refused.push(evidence);
    const isMatch = verdict === "JOIN" && evidence.method === "PROBABILISTIC";
    if (isMatch && isSampled(evidence)) this.joined.push(evidence);
  }

  /**
   * The note of the batch; what only a recomputation can place is in its note. `merges` are the
   * persons that are part of another one now.
   */
  note(
    merges: readonly { from: string; to: string }[],
    partyOf: (key: string) => Party | null,
    isGeneric: (key: string) => boolean,
    index: PolicyIndex,
  ): ReviewNote {
    const pairOf = (cause: RefusedPair["cause"], evidence: Evidence): RefusedPair[] => {
      const [low, high] = [partyOf(evidence.low), partyOf(evidence.high)];
      if (!low?.id || !high?.id || low.isStale || high.isStale) return [];
      if ((low === high) !== (cause === "SAMPLE")) return [];
      return [refusedPair(cause, evidence, low.id, high.id)];
    };
    const unsure = [...this.fresh.values()].filter(
      ({ low, high, confidence }) =>
        bandOf(confidence, index.policy) === "MEDIUM" && !isGeneric(low) && !isGeneric(high),
    );
    return {
      ...emptyReviewNote,
      merges,
      refused: [
        ...this.refused.flatMap((evidence) => pairOf("CONSTRAINT", evidence)),
        ...unsure.flatMap((evidence) => pairOf("MEDIUM_MATCH", evidence)),
        ...this.joined.flatMap((evidence) => pairOf("SAMPLE", evidence)),
      ],
    };
  }
}

export function refusedPair(
  cause: RefusedPair["cause"],
  { low, high, method, confidence, sources }: Evidence,
  lowPerson: string,
  highPerson: string,
): RefusedPair {
  const isCertain = method !== "PROBABILISTIC" && cause !== "MEDIUM_MATCH";
  const probability = isCertain ? null : confidence;
  return { cause, low, high, lowPerson, highPerson, probability, sources };
}
