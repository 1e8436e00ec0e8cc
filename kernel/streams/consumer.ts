import type { Database, Transaction } from "../database/database.ts";
import type { Logger } from "../logging/logger.ts";
import { isUnavailable } from "./is-unavailable.ts";
import type { StreamEntry, StreamName } from "./stream.ts";
import type { RecentEntries } from "./recent-entries.ts";
import { readHead } from "./stream-store.ts";

const pollIntervalMs = 500;
const retryDelayMsMin = 50;
const retryDelayMsMax = 5_000;
/**
 * Who is not followed lets entries gather after a batch that was not full: a transaction for each few of them took
 * the processors from those who are.
 */
const gatherMs = 20;
/** Tries at one entry alone before it is parked: a fault that passes has passed by then. */
const triesMax = 3;

export interface ConsumeOptions {
  /** Unique name of the reader: its cursor's key. */
  consumer: string;
  stream: StreamName;
  /** Entries a transaction takes at the most (1–1,000). */
  batchSize: number;
  /** Subscribers follow what comes of it: it goes before the other consumers, and lets no entries gather. */
  isFollowed?: boolean;
  /**
   * Does the work of a batch inside the transaction that also moves the cursor. May take only the first
   * entries, where some weigh more than others, and say how many (at least one); the rest comes again.
   */
  handle(transaction: Transaction, entries: StreamEntry[]): Promise<void | number>;
}

/**
 * Reads a stream for ever, each entry's effect exactly once: the cursor moves in the transaction of the
 * effect. An entry that fails by itself three times is parked with its reason and the rest goes on; an engine
 * that does not answer is waited for without limit.
 */
export class Consumer {
  private readonly database: Database;
  private readonly logger: Logger;
  private readonly recent: RecentEntries;
  private readonly options: ConsumeOptions;
  private readonly running: Promise<void>;
  private isStopping = false;
  private isWoken = false;
  private wakeWaiting: (() => void) | null = null;
  private delayMs = retryDelayMsMin;
  private cursor = 0;

  constructor(database: Database, logger: Logger, recent: RecentEntries, options: ConsumeOptions) {
    this.database = database;
    this.recent = recent;
    this.logger = logger.child({ consumer: options.consumer, stream: options.stream });
    this.options = options;
    this.running = this.run();
  }

  get stream(): StreamName {
    return this.options.stream;
  }

  /** Position up to which everything is done. */
  get position(): number {
    return this.cursor;
  }

  /** Finishes the batch at hand. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await this.running;
  }

  private wake(): void {
    this.isWoken = true;
    this.wakeWaiting?.();
  }

  private async run(): Promise<void> {
    const end = this.database.wakeUps.onWake(this.options.stream, () => this.wake());
    try {
      while (!this.isStopping) {
        const did = await this.step();
        if (did === "idle") await this.pause(pollIntervalMs, true);
        else if (did === "failed") {
          await this.pause(this.delayMs, false);
          this.delayMs = Math.min(this.delayMs * 2, retryDelayMsMax);
        } else {
          this.delayMs = retryDelayMsMin;
          if (did === "caughtUp" && !this.options.isFollowed) await this.pause(gatherMs, false);
        }
      }
    } finally {
      end();
    }
  }

  private async step(): Promise<"worked" | "caughtUp" | "idle" | "failed"> {
    try {
      if (!this.isWoken && (await readHead(this.database, this.options.stream)) <= this.cursor) {
        return this.cursor === 0 && (await this.load()) ? "worked" : "idle";
      }
      this.isWoken = false;
      const { batchSize } = this.options;
      const count = await this.work(batchSize);
      return count === 0 ? "idle" : count < batchSize ? "caughtUp" : "worked";
    } catch (error) {
      if (this.isStopping) return "failed";
      if (isUnavailable(error)) {
        this.logger.warn("waiting for an engine", { error });
        return "failed";
      }
      this.logger.warn("a batch failed; going through it one by one", { error });
      return this.isolate();
    }
  }

  /** Learns the stored position; true when there was one. */
  private async load(): Promise<boolean> {
    const { consumer, stream } = this.options;
    const [row] = await this.database.query<{ position: number }>(
      "select position from streams.cursors where consumer = $1 and stream = $2",
      [consumer, stream],
    );
    this.cursor = row?.position ?? 0;
    return this.cursor > 0;
  }

  private work(limit: number): Promise<number> {
    return this.inTurn(async (tx, after) => {
      const entries = await this.recent.read(tx, after, limit);
      if (entries.length === 0) return { count: 0, position: after };
      const taken = (await this.options.handle(tx, entries)) ?? entries.length;
      return { count: taken, position: entries[taken - 1]!.position };
    });
  }

  /** One transaction under the cursor's lock: replicas of a consumer take turns. */
  private async inTurn(
    work: (tx: Transaction, after: number) => Promise<{ count: number; position: number }>,
  ): Promise<number> {
    const { consumer, stream } = this.options;
    const done = await this.database.transaction(
      async (tx) => {
        const row = await this.lockCursor(tx);
        if (!row) {
          await tx.query(
            "insert into streams.cursors (consumer, stream, position) values ($1, $2, 0) on conflict do nothing",
            [consumer, stream],
          );
          return { count: 1, position: 0 };
        }
        const { count, position } = await work(tx, row.position);
        if (position > row.position) {
          tx.atCommit(
            {
              name: "streams-cursor-move",
              text: "update streams.cursors set position = $3 where consumer = $1 and stream = $2",
            },
            [consumer, stream, position],
          );
        }
        return { count, position };
      },
      { isBackground: true, isFollowed: this.options.isFollowed ?? false },
    );
    this.cursor = done.position;
    if (done.count > 0) this.isWoken = true;
    return done.count;
  }

  /** Null when it has none yet. In the one process of the embedded engine nobody else moves it. */
  private async lockCursor(tx: Transaction): Promise<{ position: number } | null> {
    if (this.database.engine === "pglite" && this.cursor > 0) return { position: this.cursor };
    const { consumer, stream } = this.options;
    const [row] = await tx.query<{ position: number }>(
      {
        name: "streams-cursor",
        text: "select position from streams.cursors where consumer = $1 and stream = $2 for update",
      },
      [consumer, stream],
    );
    return row ?? null;
  }

  /** Takes the failed batch entry by entry; parks the one that keeps failing for a reason of its own. */
  private async isolate(): Promise<"worked" | "failed"> {
    let failures = 0;
    for (let left = this.options.batchSize; left > 0 && !this.isStopping; ) {
      try {
        if ((await this.work(1)) === 0) return "worked";
        failures = 0;
        left -= 1;
      } catch (error) {
        if (isUnavailable(error)) return "failed";
        failures += 1;
        if (failures < triesMax) await this.pause(this.delayMs, false);
        else {
          await this.park(error);
          failures = 0;
          left -= 1;
        }
      }
    }
    return "worked";
  }

  private async park(error: unknown): Promise<void> {
    const { consumer, stream } = this.options;
    await this.inTurn(async (tx, after) => {
      const [entry] = await this.recent.read(tx, after, 1);
      if (!entry) return { count: 0, position: after };
      await tx.query(
        `insert into streams.parked (consumer, stream, position, reason, parked_at)
         values ($1, $2, $3, $4, now()) on conflict do nothing`,
        [consumer, stream, entry.position, String(error).slice(0, 2_000)],
      );
      this.logger.error("an entry was parked", { position: entry.position, error });
      return { count: 1, position: entry.position };
    }).catch((failure: unknown) => this.logger.warn("could not park yet", { error: failure }));
  }

  private pause(ms: number, endsOnWake: boolean): Promise<void> {
    if (this.isStopping || (endsOnWake && this.isWoken)) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.wakeWaiting = null;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.wakeWaiting = () => {
        if (endsOnWake || this.isStopping) finish();
      };
    });
  }
}
