import type { Database } from "../../../kernel/database/database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import { isUnavailable } from "../../../kernel/streams/is-unavailable.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { EventsConsumer, IdentityGraph } from "./identity-store.ts";
import { Loop, type StepOutcome } from "../../../kernel/time/loop.ts";
import { type Standing, type Unit, type UnitRunner, underWayMax } from "./units.ts";

const batchEventsMax = 500;
const pollIntervalMs = 500;
/** Tries at one entry alone before it is parked: a fault that passes has passed by then. */
const triesMax = 3;
const reasonCharactersMax = 2_000;
/** After another process was found to take from the same events. */
const oneByOneMs = 10_000;

type Handle = (graph: IdentityGraph, entries: StreamEntry[]) => Promise<void>;

/** An event that was passed over, and why. */
export interface ParkedEvent {
  position: number;
  reason: string;
  parkedAt: string;
}

interface ReaderParts<U extends Unit<Standing>> {
  units: UnitRunner<U>;
  database: Database;
  streams: Streams;
  clock: Clock;
  logger: Logger;
  handle: Handle;
  /** Notes it with the unit. */
  park(unit: U, key: string, event: ParkedEvent): Promise<void>;
  /** Told after each commit. */
  committed?(unit: U): void;
}

/** A batch of events at work. */
interface Batch {
  readonly isAhead: boolean;
  /** Events it was given. */
  taken: number;
  /** It was to begin ahead, and could not: nothing was done. */
  isPassed: boolean;
  /** The number of events it came to. */
  done: Promise<number>;
}

function newBatch(isAhead: boolean): Batch {
  return { isAhead, taken: 0, isPassed: false, done: Promise.resolve(0) };
}

/**
 * Brings accepted events into the graph, each once: the cursor stands beside the graph and moves in the
 * transaction of the effect. While one batch commits, the next ones are at work. As the kernel's
 * Consumer, an entry that fails by itself three times is parked.
 */
export class EventsReader<U extends Unit<Standing>> implements EventsConsumer {
  private readonly parts: ReaderParts<U>;
  private readonly loop: Loop;
  private readonly endWakeUps: () => void;
  /** Position up to which everything is in the graph; -1: not yet known. */
  private cursor = -1;
  /** Events of the next batch. */
  private limit = batchEventsMax;
  /** Begun while the batch before them was at work, in their order. */
  private following: Batch[] = [];
  /** Until then each batch waits for the one before it. */
  private oneByOneUntilMs = 0;
  /** Tries at one event alone. */
  private failures = 0;

  constructor(parts: ReaderParts<U>) {
    this.parts = parts;
    this.loop = new Loop(() => this.step(), pollIntervalMs);
    this.endWakeUps = parts.database.wakeUps.onWake("events", () => this.loop.wake());
  }

  async stop(): Promise<void> {
    this.endWakeUps();
    await this.loop.stop();
    await this.end();
  }

  /** Whether every accepted event is in the graph. */
  async isSettled(): Promise<boolean> {
    return (await this.parts.streams.head("events")) <= this.cursor;
  }

  private async step(): Promise<StepOutcome> {
    const { streams, logger } = this.parts;
    let batch = this.following.shift();
    try {
      const waiting = (await streams.head("events")) - Math.max(this.cursor, 0);
      if (!batch && this.cursor >= 0 && waiting <= 0) return "idle";
      batch ??= this.begin(this.limit);
      while (this.looksAhead(waiting)) this.following.push(this.begin(this.limit, true));
      const count = await batch.done;
      if (batch.isPassed) this.oneByOneUntilMs = performance.now() + oneByOneMs;
      this.limit = Math.min(this.limit * 2, batchEventsMax);
      this.failures = 0;
      return count > 0 || batch.isAhead ? "worked" : "idle";
    } catch (error) {
      await this.end();
      if (this.loop.isEnding) return "failed";
      if (isUnavailable(error)) {
        logger.warn("accepted events wait for an engine", { error });
        return "failed";
      }
      return this.narrow(error, batch?.taken ?? 0);
    }
  }

  /** Whether another full batch waits behind those at hand, and nobody else takes from them. */
  private looksAhead(waiting: number): boolean {
    const isUsual = this.limit === batchEventsMax && performance.now() >= this.oneByOneUntilMs;
    const ahead = this.following.length;
    const isThere = ahead + 1 < underWayMax && waiting > this.limit * (ahead + 1);
    return isUsual && isThere && !this.loop.isEnding;
  }

  /** Lets those that have begun come to their end: they do nothing where a batch before them has failed. */
  private async end(): Promise<void> {
    const following = this.following.splice(0);
    await Promise.all(following.map(({ done }) => done.catch(() => 0)));
  }

  /**
   * Something in the batch is poisonous: half of it the next time, until one event stands alone.
   * That one is parked when it keeps failing for a reason of its own.
   */
  private async narrow(error: unknown, taken: number): Promise<StepOutcome> {
    if (taken > 1) {
      this.parts.logger.warn("a batch of events failed; taking fewer", { error });
      this.limit = Math.ceil(taken / 2);
      return "worked";
    }
    this.failures += 1;
    if (this.failures < triesMax) return "failed";
    this.failures = 0;
    return (await this.park(error)) ? "worked" : "failed";
  }

  /** `isAhead`: it is only for when the batch before it has said what it writes. */
  private begin(limit: number, isAhead = false): Batch {
    const { handle } = this.parts;
    const batch = newBatch(isAhead);
    batch.done = this.take(batch, limit, ({ graph }, entries) => handle(graph, entries));
    // It may fail before anybody waits for it.
    batch.done.catch(() => undefined);
    return batch;
  }

  /**
   * One unit of work: replicas take turns. Gives the number of entries. `onlyAfter`: nothing is done
   * when another replica has moved the cursor from there.
   */
  private async take(
    batch: Batch,
    limit: number,
    work: (unit: U, entries: StreamEntry[]) => Promise<void>,
    onlyAfter?: number,
  ): Promise<number> {
    const { units, database, streams, committed } = this.parts;
    const { result, unit } = await units.run(async (mine, isAhead) => {
      batch.isPassed = batch.isAhead && !isAhead;
      if (batch.isPassed) return { result: 0, writes: false };
      const after = mine.eventsPosition;
      const entries = await streams.read(database, "events", after, limit);
      batch.taken = entries.length;
      const writes = entries.length > 0 && after === (onlyAfter ?? after);
      if (writes) {
        await work(mine, entries);
        mine.eventsPosition = entries.at(-1)!.position;
      }
      return { result: entries.length, writes };
    });
    this.cursor = Math.max(this.cursor, unit.eventsPosition);
    committed?.(unit);
    return result;
  }

  private async park(error: unknown): Promise<boolean> {
    const { clock, logger, park } = this.parts;
    try {
      const note = (unit: U, [entry]: StreamEntry[]) =>
        park(unit, entry!.key, {
          position: entry!.position,
          reason: String(error).slice(0, reasonCharactersMax),
          parkedAt: clock.now().toISOString(),
        });
      await this.take(newBatch(false), 1, note, this.cursor);
      logger.error("an event was parked", { position: this.cursor, error });
      return true;
    } catch (failure) {
      logger.warn("could not park an event yet", { error: failure });
      return false;
    }
  }
}
