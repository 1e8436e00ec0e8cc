import type { JoinVerdict } from "./decide-join.ts";
import { type Evidence, evidenceKey } from "./evidence.ts";
import { type Band, bandOf, type PolicyIndex } from "./identity-policy.ts";
import type { Party } from "./party.ts";
import { emptyReviewNote, type RefusedPair, type ReviewNote } from "./review-note.ts";
import { isSampled } from "./review-sample.ts";

/** What resolution of a batch leaves for a human to look at. */
export class ReviewBook {
  /** Evidence that was not known before, by key. */
  readonly fresh = new Map<string, Evidence>();
  /** Evidence that a further source has brought, by key. */
  private readonly heard = new Map<string, Evidence>();
  private readonly refused: Evidence[] = [];
  private readonly joined: Evidence[] = [];

  /** Evidence that was never seen before. */
  meet(evidence: Evidence): void {
    this.fresh.set(evidenceKey(evidence), evidence);
  }

  /** Known evidence, from a source that had not said it yet: an open item names all its sources. */
  hear(evidence: Evidence): void {
    this.heard.set(evidenceKey(evidence), evidence);
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
    const inBand = (band: Band, evidence: Iterable<Evidence>) =>
      [...evidence].filter(
        ({ low, high, confidence }) =>
          bandOf(confidence, index.policy) === band && !isGeneric(low) && !isGeneric(high),
      );
    // What was heard comes last: of two versions of one tie the later one counts.
    const unsure = inBand("MEDIUM", [...this.fresh.values(), ...this.heard.values()]);
    // Where a human has spoken, the constraint may be his word, which is no question.
    const isByRule = (key: string) => {
      const party = partyOf(key);
      return party !== null && !party.group.decided && !party.isWaiting;
    };
    const stillRefused = inBand("HIGH", this.heard.values()).filter(
      ({ low, high }) => isByRule(low) && isByRule(high),
    );
    return {
      ...emptyReviewNote,
      merges,
      refused: [
        ...[...this.refused, ...stillRefused].flatMap((evidence) => pairOf("CONSTRAINT", evidence)),
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
