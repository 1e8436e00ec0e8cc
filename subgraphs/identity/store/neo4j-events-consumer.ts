import type { Database } from "../../../kernel/database/database.ts";
import type { GraphDatabase } from "../../../kernel/graph/graph-database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import { isUnavailable } from "../../../kernel/streams/is-unavailable.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { EventsConsumer, IdentityGraph } from "./identity-store.ts";
import { type Announcement, type ParkedEvent, parkedKind } from "./neo4j-announcements.ts";
import { Neo4jGraph } from "./neo4j-graph.ts";
import { Loop, type StepOutcome } from "../../../kernel/time/loop.ts";
import { Turn, type WriterCounts } from "./neo4j-turn.ts";
import { policyBody } from "./policy-body.ts";
import type { PolicyFollower } from "./policy-follower.ts";
import { Records } from "./records.ts";

const batchEventsMax = 500;
const pollIntervalMs = 500;
/** Tries at one entry alone before it is parked: a fault that passes has passed by then. */
const triesMax = 3;
const reasonCharactersMax = 2_000;

/** What a transaction has left behind. */
export interface CommittedUnit {
  counts: WriterCounts;
  announced: readonly Announcement[];
}

export interface ConsumerParts {
  graph: GraphDatabase;
  database: Database;
  streams: Streams;
  clock: Clock;
  logger: Logger;
  handle(graph: IdentityGraph, entries: StreamEntry[]): Promise<void>;
  /** Told before a unit reads anything. */
  follower: PolicyFollower;
  /** Told after each commit. */
  committed(unit: CommittedUnit): void;
}

/**
 * Brings accepted events into the graph, each once: the cursor stands in the graph and moves in the
 * transaction of the effect. As the kernel's Consumer, an entry that fails by itself three times is
 * parked.
 */
export class Neo4jEventsConsumer implements EventsConsumer {
  private readonly parts: ConsumerParts;
  private readonly loop: Loop;
  private readonly endWakeUps: () => void;
  /** Position up to which everything is in the graph; -1: not yet known. */
  private cursor = -1;
  /** Events of the next batch. */
  private limit = batchEventsMax;
  /** Events of the last batch. */
  private taken = 0;
  /** Tries at one event alone. */
  private failures = 0;

  constructor(parts: ConsumerParts) {
    this.parts = parts;
    this.loop = new Loop(() => this.step(), pollIntervalMs);
    this.endWakeUps = parts.database.wakeUps.onWake("events", () => this.loop.wake());
  }

  async stop(): Promise<void> {
    this.endWakeUps();
    await this.loop.stop();
  }

  /** Whether every accepted event is in the graph. */
  async isSettled(): Promise<boolean> {
    return (await this.parts.streams.head("events")) <= this.cursor;
  }

  private async step(): Promise<StepOutcome> {
    const { streams, logger } = this.parts;
    try {
      if (this.cursor >= 0 && (await streams.head("events")) <= this.cursor) return "idle";
      const count = await this.inTurn(this.limit, this.parts.handle);
      this.limit = Math.min(this.limit * 2, batchEventsMax);
      this.failures = 0;
      return count > 0 ? "worked" : "idle";
    } catch (error) {
      if (this.loop.isEnding) return "failed";
      if (isUnavailable(error)) {
        logger.warn("accepted events wait for an engine", { error });
        return "failed";
      }
      return this.narrow(error);
    }
  }

  /**
   * Something in the batch is poisonous: half of it the next time, until one event stands alone.
   * That one is parked when it keeps failing for a reason of its own.
   */
  private async narrow(error: unknown): Promise<StepOutcome> {
    if (this.taken > 1) {
      this.parts.logger.warn("a batch of events failed; taking fewer", { error });
      this.limit = Math.ceil(this.taken / 2);
      return "worked";
    }
    this.failures += 1;
    if (this.failures < triesMax) return "failed";
    this.failures = 0;
    return (await this.park(error)) ? "worked" : "failed";
  }

  /**
   * One transaction under the writer's lock: replicas take turns. Gives the number of entries.
   * `onlyAfter`: nothing is done when another replica has moved the cursor from there.
   */
  private async inTurn(
    limit: number,
    take: ConsumerParts["handle"],
    onlyAfter?: number,
  ): Promise<number> {
    const { graph, database, streams, follower } = this.parts;
    const expected = Math.max(this.cursor, 0);
    const done = await graph.write(async (tx) => {
      const [turn, ahead] = await Promise.all([
        Turn.take(tx),
        streams.read(database, "events", expected, limit),
      ]);
      const { counts } = turn;
      const after = counts.eventsPosition;
      const entries =
        after === expected ? ahead : await streams.read(database, "events", after, limit);
      this.taken = entries.length;
      if (entries.length > 0 && after === (onlyAfter ?? after)) {
        await follower.follow(turn.policy, (version) => policyBody(database, version));
        const own = new Neo4jGraph(tx, counts, new Records(database));
        await take(own, entries);
        counts.eventsPosition = entries.at(-1)!.position;
        turn.end(null);
        return { count: entries.length, counts, announced: own.announced };
      }
      return { count: entries.length, counts, announced: [] };
    });
    this.cursor = done.counts.eventsPosition;
    this.parts.committed(done);
    return done.count;
  }

  /**
   * The note goes the way of the announcements, so that it is made once, together with the cursor's
   * step.
   */
  private async park(error: unknown): Promise<boolean> {
    const { clock, logger } = this.parts;
    try {
      const note: ConsumerParts["handle"] = async (graph, [entry]) => {
        const payload: ParkedEvent = {
          position: entry!.position,
          reason: String(error).slice(0, reasonCharactersMax),
          parkedAt: clock.now().toISOString(),
        };
        await graph.announce([{ kind: parkedKind, key: entry!.key, payload }]);
      };
      await this.inTurn(1, note, this.cursor);
      logger.error("an event was parked", { position: this.cursor, error });
      return true;
    } catch (failure) {
      logger.warn("could not park an event yet", { error: failure });
      return false;
    }
  }
}
