import {
  type ComparedRecord,
  groupRecords,
  groupWeightMin,
  type PairVerdict,
  scorePairs,
} from "../domain/records/match-groups.ts";
import type { RecordKey } from "../domain/records/record-blocking.ts";
import type { ScoredPair } from "../domain/records/scored-pair.ts";
import { goneWeight, type RecordMatches } from "../store/record-matches.ts";
import type { KnownPair } from "../store/record-pair.ts";
import type { KnownRecord } from "../store/records.ts";
import type { FollowedModel, ModelInForce } from "./matching-models.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import type { RecordReading } from "./record-reading.ts";

/** Candidates that one record is compared with; those of its smallest blocks first. */
const candidatesMax = 600;
/** Records that are grouped together. */
const groupedMax = 4_000;
const confidenceShiftMax = 0.05;
/** Weights at which an oversize component is taken apart, one after the other. */
const ladder = [groupWeightMin, 0, 2, 4, 8, 16];

/** Finds which records are of one person: the same scores and groups as in the bulk run. */
export class RecordMatcher {
  private readonly matches: RecordMatches;
  private readonly reading: RecordReading;
  private readonly models: FollowedModel;
  private readonly policy: PolicyInForce;

  constructor(
    matches: RecordMatches,
    reading: RecordReading,
    models: FollowedModel,
    policy: PolicyInForce,
  ) {
    this.matches = matches;
    this.reading = reading;
    this.models = models;
    this.policy = policy;
  }

  /** Scores and groups records that are new or changed. */
  match(records: readonly KnownRecord[]): Promise<void> {
    return this.matches.alone(async () => {
      const model = await this.models.current();
      const ids = records.map(({ id }) => id);
      await this.scoreAlone(records, model);
      await this.groupAlone(ids, model);
    });
  }

  /** Scores records anew, and leaves what follows for later. */
  score(records: readonly KnownRecord[]): Promise<void> {
    return this.matches.alone(async () => {
      await this.scoreAlone(records, await this.models.current());
    });
  }

  /** Groups what the records are connected with. */
  group(ids: readonly number[]): Promise<void> {
    return this.matches.alone(async () => {
      const model = await this.models.current();
      await this.groupAlone(ids, model);
      await this.matches.markGrouped(ids, model.version);
    });
  }

  private async scoreAlone(records: readonly KnownRecord[], model: ModelInForce): Promise<void> {
    const own = records.map((record) => this.reading.read(record, model));
    const keyed = own.map(({ id, canonical }) => ({ id, keys: model.blocking.keysOf(canonical) }));
    await this.matches.putKeys(keyed);
    const candidates = await this.candidates(keyed, model);
    const others = await this.reading.load(
      [...new Set([...candidates.values()].flatMap((set) => [...set]))],
      model,
    );
    for (const record of own) others.set(record.id, record);
    const compared = [...others.values()];
    const places = new Map(compared.map(({ id }, place) => [id, place]));
    const pairs = [...candidates].flatMap(([id, set]) =>
      [...set].flatMap((other): [number, number][] => {
        const place = places.get(other);
        // Two new records have each other as a candidate: once is enough.
        const isTwice = other < id && candidates.get(other)?.has(id);
        return place === undefined || isTwice ? [] : [[places.get(id)!, place]];
      }),
    );
    const scored = scorePairs(model.model, compared, pairs);
    await this.matches.putPairs(
      own.map(({ id }) => id),
      scored,
      model.version,
    );
  }

  /** Whom each record may be the same person as, by id. */
  private async candidates(
    keyed: readonly { id: number; keys: readonly RecordKey[] }[],
    { blockBounds }: ModelInForce,
  ): Promise<Map<number, Set<number>>> {
    const bounds = new Map(
      keyed.flatMap(({ keys }) =>
        keys.map(({ rule, hash }) => [hash, blockBounds[rule] ?? 0] as const),
      ),
    );
    const blocks = await this.matches.blocks(bounds);
    return new Map(
      keyed.map(({ id, keys }) => {
        const own = keys.flatMap(({ hash }) => {
          const block = blocks.get(hash);
          return block ? [block] : [];
        });
        return [id, smallestFirst(own, id)];
      }),
    );
  }

  private async groupAlone(ids: readonly number[], model: ModelInForce): Promise<void> {
    const component = await this.component(ids, groupWeightMin);
    if (component) return this.groupComponent(component, model);
    if (ids.length === 1) return this.groupOversize(ids[0]!, model);
    const half = Math.ceil(ids.length / 2);
    await this.groupAlone(ids.slice(0, half), model);
    await this.groupAlone(ids.slice(half), model);
  }

  /** Where too many records hang together, weak ties are left out until few enough do. */
  private async groupOversize(id: number, model: ModelInForce): Promise<void> {
    for (const weightMin of ladder) {
      const component = await this.component([id], weightMin);
      if (component) return this.groupComponent(component, model);
    }
  }

  /** Records connected by pairs above a weight, with those pairs; null when they are too many. */
  private async component(ids: readonly number[], weightMin: number): Promise<Component | null> {
    const seen = new Set(ids);
    const pairs = new Map<string, KnownPair>();
    for (let open = [...ids]; open.length > 0; ) {
      const found = await this.matches.pairsOf(open, weightMin);
      open = [];
      for (const pair of found) {
        pairs.set(`${pair.left} ${pair.right}`, pair);
        if (pair.weight === goneWeight) continue;
        for (const id of [pair.left, pair.right]) {
          if (seen.has(id)) continue;
          seen.add(id);
          open.push(id);
        }
      }
      if (seen.size > groupedMax) return null;
    }
    return { ids: [...seen], pairs: [...pairs.values()] };
  }

  private async groupComponent({ ids, pairs }: Component, model: ModelInForce): Promise<void> {
    const records = await this.reading.load(ids, model);
    const isThere = (pair: ScoredPair) => records.has(pair.left) && records.has(pair.right);
    const present = pairs.filter((pair) => pair.weight !== goneWeight && isThere(pair));
    const verdicts = this.verdicts([...records.values()], present, model);
    const changed = pairs.flatMap((pair) => {
      const verdict = verdicts.get(`${pair.left} ${pair.right}`) ?? nothingFollows(pair);
      return isNews(pair, verdict) ? [verdict] : [];
    });
    await this.matches.putVerdicts(changed, ids, model.version);
  }

  private verdicts(
    records: readonly ComparedRecord[],
    pairs: readonly ScoredPair[],
    model: ModelInForce,
  ): Map<string, PairVerdict> {
    const verdicts = groupRecords(model, records, pairs, this.policy.current().policy);
    return new Map(verdicts.map((verdict) => [`${verdict.left} ${verdict.right}`, verdict]));
  }
}

interface Component {
  ids: readonly number[];
  pairs: readonly KnownPair[];
}

function nothingFollows({ left, right }: ScoredPair): PairVerdict {
  return { left, right, confidence: 0, asks: false };
}

/** A confidence that only shifts a little is no news; whether it acts is. */
function isNews(pair: KnownPair, verdict: PairVerdict): boolean {
  const [known, now] = [pair.toldConfidence, verdict.confidence];
  return (
    known > 0 !== now > 0 ||
    Math.abs(known - now) > confidenceShiftMax ||
    pair.confidence > 0 !== now > 0 ||
    verdict.asks !== pair.asks ||
    pair.weight === goneWeight
  );
}

function smallestFirst(blocks: readonly (readonly number[])[], self: number): Set<number> {
  const found = new Set<number>();
  for (const block of [...blocks].sort((a, b) => a.length - b.length)) {
    for (const id of block) if (id !== self) found.add(id);
    if (found.size >= candidatesMax) break;
  }
  return found;
}
