import type { Database, Session, Transaction } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import type { Logger } from "../logging/logger.ts";
import type { Clock } from "../time/clock.ts";
import { Loop, type StepOutcome } from "../time/loop.ts";
import { type ConsumeOptions, Consumer } from "./consumer.ts";
import { positionOf } from "./cursor.ts";
import { streamMigrations } from "./migrations.ts";
import { removeOldEntries } from "./retention.ts";
import { scrubbedTopic } from "./scrub-stream.ts";
import { type NewStreamEntry, type StreamEntry, type StreamName, streamNames } from "./stream.ts";
import { RecentEntries } from "./recent-entries.ts";
import { appendEntries, readFloor, readHead, type StreamPage } from "./stream-store.ts";
import { StreamTail } from "./stream-tail.ts";

const retentionIntervalMs = 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

export interface SubscribeOptions {
  /** Cursor; undefined or null: from now on; "0": from the beginning of what is kept. */
  after?: string | null | undefined;
  /** Entries that are not wanted are passed over. */
  filter?: (entry: StreamEntry) => boolean;
}

/** The change streams of this process: append, read, consume, subscribe. */
export class Streams {
  private readonly database: Database;
  private readonly logger: Logger;
  private readonly clock: Clock;
  private readonly recent: Map<StreamName, RecentEntries>;
  private readonly tails: Map<StreamName, StreamTail>;
  private readonly consumers = new Set<Consumer>();
  private readonly others = new Set<() => Promise<boolean>>();
  private readonly closing = new AbortController();
  private readonly stopForgetting: () => void;
  private retention: Loop | null = null;

  private constructor(database: Database, logger: Logger, clock: Clock) {
    this.database = database;
    this.logger = logger;
    this.clock = clock;
    this.recent = new Map(
      streamNames.map((name) => [name, new RecentEntries(name, database.engine === "pglite")]),
    );
    this.tails = new Map(
      streamNames.map((name) => [name, new StreamTail(database, name, this.recent.get(name)!)]),
    );
    this.stopForgetting = database.wakeUps.onWake(scrubbedTopic, () => {
      for (const recent of this.recent.values()) recent.forget();
      for (const tail of this.tails.values()) tail.forget();
    });
  }

  static async open(database: Database, logger: Logger, clock: Clock): Promise<Streams> {
    await migrate(database, "streams", streamMigrations);
    return new Streams(database, logger, clock);
  }

  /**
   * Appends entries in order at the commit of the transaction that made them true; readers wake then.
   */
  async append(
    transaction: Transaction,
    name: StreamName,
    entries: readonly NewStreamEntry[],
  ): Promise<void> {
    if (entries.length === 0) return;
    let appended: StreamPage | null = null;
    appendEntries(transaction, name, entries, this.clock.now(), (page) => {
      appended = page;
    });
    transaction.afterCommit(() => this.appended(name, appended!));
  }

  /** For who appends with a statement of his own, after its commit: wakes the readers. */
  appended(name: StreamName, page: StreamPage): void {
    if (this.database.engine === "pglite") this.recent.get(name)!.feed(page);
    this.database.wakeUps.wake(name);
  }

  /** Entries after a position, ascending, at most `limit` (1–1,000); inside a transaction, hand it in. */
  read(session: Session, name: StreamName, after: number, limit: number): Promise<StreamEntry[]> {
    return this.recent.get(name)!.read(session, after, limit);
  }

  /** Stored payloads were changed (erasure): what this process remembers of the stream is read anew. */
  forget(name: StreamName): void {
    this.recent.get(name)!.forget();
  }

  /** Position of the newest entry, 0 when there is none. */
  head(name: StreamName, session: Session = this.database): Promise<number> {
    return readHead(session, name);
  }

  /** Starts a reader that runs until it, or the streams, are stopped. */
  consume(options: ConsumeOptions): Consumer {
    const consumer = new Consumer(
      this.database,
      this.logger,
      this.recent.get(options.stream)!,
      options,
    );
    this.consumers.add(consumer);
    return consumer;
  }

  /**
   * Entries after a cursor, in order, then live ones, until the reader returns or the streams close. Throws
   * CURSOR_EXPIRED or BAD_CURSOR at the first step. Memory: none per subscriber.
   */
  subscribe(
    name: StreamName,
    { after, filter }: SubscribeOptions = {},
  ): AsyncIterableIterator<StreamEntry> {
    const position = after === undefined || after === null ? null : positionOf(name, after);
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, this.closing.signal]);
    const entries = this.tails.get(name)!.follow(position, filter ?? (() => true), signal);
    return {
      next: () => entries.next(),
      // A generator that waits for the next entry hears `return` only after it: the signal ends the wait.
      return: () => {
        ending.abort();
        return entries.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Whether every consumer of this process has done all there is; for tests and orderly ends. */
  async areSettled(): Promise<boolean> {
    for (const consumer of this.consumers) {
      if ((await this.head(consumer.stream)) > consumer.position) return false;
    }
    for (const isSettled of this.others) if (!(await isSettled())) return false;
    return true;
  }

  /** Counts a reader that keeps its cursor elsewhere (in the graph) among those to be settled. */
  alsoSettles(isSettled: () => Promise<boolean>): void {
    this.others.add(isSettled);
  }

  /** Position of the newest entry that retention has removed, 0 when there is none. */
  floor(name: StreamName): Promise<number> {
    return readFloor(this.database, name);
  }

  /**
   * Removes what is older than its retention, now and every hour, sooner where less than half a day is kept. One
   * process of a platform does it; several do no harm.
   */
  keepTrimmed(daysOf: (name: StreamName) => number): void {
    const shortestMs = Math.min(...streamNames.map(daysOf)) * dayMs;
    const everyMs = Math.min(retentionIntervalMs, shortestMs / 12);
    this.retention ??= new Loop(() => this.trim(daysOf), everyMs);
  }

  /** Ends subscriptions, lets consumers finish their batch. */
  async stop(): Promise<void> {
    this.closing.abort();
    this.stopForgetting();
    const workers = [...this.consumers, ...(this.retention ? [this.retention] : [])];
    await Promise.all(workers.map((worker) => worker.stop()));
  }

  private async trim(daysOf: (name: StreamName) => number): Promise<StepOutcome> {
    for (const stream of streamNames) {
      const before = new Date(this.clock.now().getTime() - daysOf(stream) * dayMs);
      await removeOldEntries(this.database, stream, before).catch((error: unknown) =>
        this.logger.warn("retention could not run; it will be tried again", { stream, error }),
      );
    }
    return "idle";
  }
}
