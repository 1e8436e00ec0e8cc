import { scoreCanonicalPair } from "../domain/matching/scoring/score-pair.ts";
import type { MatchStatement } from "../domain/records/record-observation.ts";
import type { FieldWeight, NewReviewItem } from "../domain/review-item.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { RecordMatches } from "../store/record-matches.ts";
import type { KnownPair } from "../store/record-pair.ts";
import { keyOf, type KnownRecord, type Records } from "../store/records.ts";
import type { ReviewItems } from "../store/review-items.ts";
import type { FollowedModel } from "./matching-models.ts";
import type { RecordReading } from "./record-reading.ts";
import type { RecordResolver } from "./record-resolver.ts";

/** Pairs that are told in one go. */
const pairsMax = 500;

interface Told {
  pair: KnownPair;
  left: KnownRecord;
  right: KnownRecord;
}

/** Tells the graph which records are of one person, and the reviewers which may be. */
export class MatchTeller {
  private readonly matches: RecordMatches;
  private readonly records: Records;
  private readonly reading: RecordReading;
  private readonly models: FollowedModel;
  private readonly resolver: RecordResolver;
  private readonly reviews: ReviewItems;
  private readonly reader: IdentityReader;

  constructor(parts: {
    matches: RecordMatches;
    records: Records;
    reading: RecordReading;
    models: FollowedModel;
    resolver: RecordResolver;
    reviews: ReviewItems;
    reader: IdentityReader;
  }) {
    this.matches = parts.matches;
    this.records = parts.records;
    this.reading = parts.reading;
    this.models = parts.models;
    this.resolver = parts.resolver;
    this.reviews = parts.reviews;
    this.reader = parts.reader;
  }

  /** Tells what was not told; true when there was anything. Once more changes nothing. */
  async tell(): Promise<boolean> {
    const pairs = await this.matches.untold(pairsMax);
    if (pairs.length === 0) return false;
    const records = await this.records.byIds([
      ...new Set(pairs.flatMap(({ left, right }) => [left, right])),
    ]);
    const byId = new Map(records.map((record) => [record.id, record]));
    const told = pairs.flatMap((pair): Told[] => {
      const [left, right] = [byId.get(pair.left), byId.get(pair.right)];
      return left && right ? [{ pair, left, right }] : [];
    });
    await this.resolver.tell([], told.filter(isForGraph).map(statementOf));
    await this.ask(told);
    await this.matches.told(pairs);
    return true;
  }

  private async ask(told: readonly Told[]): Promise<void> {
    const [asking, settled] = [
      told.filter(({ pair }) => pair.asks),
      told.filter(({ pair }) => !pair.asks),
    ];
    await this.reviews.close(
      "MEDIUM_MATCH",
      settled.map(({ left, right }) => {
        const [low, high] = [keyOf(left), keyOf(right)].sort();
        return { low: low!, high: high! };
      }),
    );
    if (asking.length === 0) return;
    const keys = asking.flatMap(({ left, right }) => [keyOf(left), keyOf(right)]);
    const persons = await this.reader.personIdsOf([...new Set(keys)]);
    const inForce = await this.models.current();
    const canonical = (record: KnownRecord) => this.reading.read(record, inForce).canonical;
    await this.reviews.put(
      asking.map((each): NewReviewItem => {
        const score = scoreCanonicalPair(
          inForce.model,
          canonical(each.left),
          canonical(each.right),
        );
        const sides = [keyOf(each.left), keyOf(each.right)] as const;
        return {
          cause: "MEDIUM_MATCH",
          sides,
          persons: [persons.get(sides[0]) ?? null, persons.get(sides[1]) ?? null],
          probability: each.pair.probability,
          weights: weightsOf(score, each.pair.probability),
          sources: [each.left.source, each.right.source],
        };
      }),
    );
  }
}

/** Pairs that the graph never heard of and need not hear of now. */
function isForGraph({ pair }: Told): boolean {
  return pair.confidence > 0 || pair.toldConfidence > 0;
}

function statementOf({ pair, left, right }: Told): MatchStatement {
  return { left, right, probability: pair.confidence };
}

/**
 * What each field says, how rare a match is before anything is compared, and what pairs of such a
 * weight turned out to be: they add up to the odds of the probability, in bits.
 */
function weightsOf(
  { findings, priorWeight, weight }: ReturnType<typeof scoreCanonicalPair>,
  probability: number,
): FieldWeight[] {
  const odds = Math.log2(probability / (1 - probability));
  const calibration = Number.isFinite(odds) ? odds - weight : 0;
  return [
    ...findings
      .filter(({ level }) => level !== "not told")
      .map(({ field, level, weight: weightBits }) => ({ field, outcome: level, weightBits })),
    { field: "prior", outcome: "before any comparison", weightBits: priorWeight },
    { field: "calibration", outcome: "as such pairs turned out", weightBits: calibration },
  ];
}
