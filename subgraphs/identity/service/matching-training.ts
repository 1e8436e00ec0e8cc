import { isUnavailable } from "../../../kernel/streams/is-unavailable.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { MatchingModels, ModelVersion } from "../store/matching-models.ts";
import type { TrainingRecords } from "../store/training-records.ts";
import { learnModel } from "./learn-model.ts";
import type { MatchTeller } from "./match-teller.ts";
import type { FollowedModel } from "./matching-models.ts";
import type { RecordMatcher } from "./record-matcher.ts";
import type { RecordWorker } from "./record-worker.ts";

/** Records from which a model is learned for the first time by itself. */
export const firstTrainingRecords = 300;
/** So many times the matches a model was learned from are reason to learn anew; fewer count as the least. */
const matchGrowth = 4;
const matchesLeast = 25;
/** How often it is looked for while the records double. */
const checksPerDoubling = 10;
const chunkRecords = 50;
const seedByItself = 1;

interface Parts {
  models: MatchingModels;
  inForce: FollowedModel;
  training: TrainingRecords;
  matcher: RecordMatcher;
  teller: MatchTeller;
  worker: RecordWorker;
  clock: Clock;
  logger: Logger;
}

/**
 * Learns the model anew: by request, and by itself each time the records have doubled, or the matches
 * among them are four times as many (with the records, in any random order): a model of one source
 * without duplicates knows nothing of the errors that the next one brings. Then all records are scored
 * and grouped with it, in the background, piece by piece; what was interrupted goes on at the next start.
 */
export class MatchingTraining {
  private readonly parts: Parts;
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private counted = 0;
  private putSince = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    this.work = this.resume();
  }

  /** Begins a training; null when one is under way. */
  async request(seed: number, requestedBy: string | null): Promise<ModelVersion | null> {
    const { models, clock } = this.parts;
    const version = await models.begin(seed, requestedBy, clock.now().toISOString());
    if (version === null) return null;
    const begun = await models.find(version);
    this.work = this.work.then(() => this.run(begun!));
    return begun;
  }

  /** Told of each call that put records: trains when there is so much more to learn from than last time. */
  async notePut(count: number): Promise<void> {
    this.putSince += count;
    if (this.counted + this.putSince < firstTrainingRecords) return;
    if (this.putSince < this.counted / checksPerDoubling) return;
    await this.trainWhereDue();
  }

  private async trainWhereDue(): Promise<void> {
    const { models, training } = this.parts;
    this.counted = await training.count();
    this.putSince = 0;
    const [newest] = await models.list(1, null);
    if (newest && newest.state !== "ACTIVE" && newest.state !== "FAILED") return;
    const enough = Math.max(firstTrainingRecords, 2 * (newest?.recordCount ?? 0));
    if (this.counted >= enough || (newest && (await this.hasNewMatches(newest))))
      await this.request(seedByItself, null);
  }

  private async hasNewMatches({ recordCount }: ModelVersion): Promise<boolean> {
    const { inForce, training } = this.parts;
    const { version, model } = await inForce.current();
    // Without new records there is nothing new to learn.
    if (version === 0 || this.counted < recordCount * (1 + 1 / checksPerDoubling)) return false;
    const learnedFrom = (model.prior * recordCount * (recordCount - 1)) / 2;
    return (await training.matchCount()) >= matchGrowth * Math.max(matchesLeast, learnedFrom);
  }

  /** Until nothing is under way; for tests and tools. */
  async settled(): Promise<void> {
    for (let seen: Promise<void> | null = null; seen !== this.work; ) {
      seen = this.work;
      await seen;
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async resume(): Promise<void> {
    const underWay = await this.parts.models.underWay().catch(() => null);
    if (underWay) await this.run(underWay);
  }

  private async run({ version, state, seed }: ModelVersion): Promise<void> {
    const { models, logger, clock } = this.parts;
    try {
      if (state === "TRAINING" && !(await this.learn(version, seed))) return;
      await this.rescore(version);
      await this.regroup(version);
      if (this.stopping.signal.aborted) return;
      await models.end(version, "ACTIVE", clock.now().toISOString(), null);
      logger.info("A matching model is active", { version });
      // Of what came meanwhile nobody has asked.
      await this.trainWhereDue();
    } catch (cause) {
      if (this.stopping.signal.aborted) return;
      logger.warn("A matching model waits for the next start", { version, cause });
    }
  }

  /** False: it has failed, and a later training may do better. */
  private async learn(version: number, seed: number): Promise<boolean> {
    const { models, training, clock, logger } = this.parts;
    const count = await training.count();
    const fail = (problem: string) =>
      models.end(version, "FAILED", clock.now().toISOString(), problem);
    try {
      const learned = await learnModel(seed, training.pages(count), this.stopping.signal);
      if (learned.body !== null) {
        await models.activate(version, count, learned.digest!, learned.body);
        return true;
      }
      await fail("The records have nothing that tells persons apart.");
    } catch (cause) {
      if (this.stopping.signal.aborted || isUnavailable(cause)) throw cause;
      logger.error("A matching model could not be trained", { version, cause });
      await fail("The training broke off; the log says why.");
    }
    return false;
  }

  private rescore(version: number): Promise<void> {
    const { training, matcher, worker } = this.parts;
    return this.piecewise(async () => {
      const chunk = await training.unscored(version, chunkRecords);
      if (chunk.length > 0) await worker.inTurn(() => matcher.score(chunk));
      return chunk.length > 0;
    });
  }

  private regroup(version: number): Promise<void> {
    const { training, matcher, teller, worker } = this.parts;
    return this.piecewise(async () => {
      const ids = await training.ungrouped(version, chunkRecords);
      if (ids.length === 0) return false;
      await worker.inTurn(async () => {
        await matcher.group(ids);
        while (await teller.tell());
      });
      return true;
    });
  }

  /** Rests as long as it works: those who wait for an answer come first. */
  private async piecewise(step: () => Promise<boolean>): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const begun = performance.now();
      if (!(await step())) return;
      await new Promise((resolve) => setTimeout(resolve, performance.now() - begun));
    }
  }
}
