import { isUnavailable } from "../../../kernel/streams/is-unavailable.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { SourceRecord } from "../domain/records/source-record.ts";
import { keyOf, type KnownRecord, type Records } from "../store/records.ts";
import type { MatchTeller } from "./match-teller.ts";
import type { RecordMatcher } from "./record-matcher.ts";
import type { RecordResolver } from "./record-resolver.ts";

/** Records that are matched and told in one go. */
const chunkRecords = 100;
const sweepMs = 5_000;

/**
 * Brings what waits into the graph: matches new records, then tells the graph. Each step can be
 * repeated, so a crash between any two costs only time; what one process left, the next sweep does.
 */
export class RecordWorker {
  private readonly records: Records;
  private readonly matcher: RecordMatcher;
  private readonly resolver: RecordResolver;
  private readonly teller: MatchTeller;
  private readonly logger: Logger;
  private readonly timer: NodeJS.Timeout;
  private turn: Promise<unknown> = Promise.resolve();
  private isStopped = false;

  constructor(
    records: Records,
    matcher: RecordMatcher,
    resolver: RecordResolver,
    teller: MatchTeller,
    logger: Logger,
  ) {
    this.records = records;
    this.matcher = matcher;
    this.resolver = resolver;
    this.teller = teller;
    this.logger = logger;
    this.timer = setInterval(() => void this.sweep(), sweepMs);
    this.timer.unref();
    void this.sweep();
  }

  /** Does what waits; resolves when nothing does. What fails for now waits for the next sweep. */
  sweep(): Promise<void> {
    return this.inTurn(async () => {
      while (!this.isStopped) {
        const waiting = await this.records.pending(chunkRecords);
        if (waiting.length === 0) break;
        await this.settle(waiting);
      }
      while (!this.isStopped && (await this.teller.tell()));
    }).catch((cause) => {
      if (!this.isStopped) this.logger.warn("Records wait to be told to the graph", { cause });
    });
  }

  /** Runs `work` when no other work on records of this process is under way. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => {});
    return next;
  }

  /** Tells the graph what records said before, where that came late. */
  async recall(past: readonly SourceRecord[]): Promise<void> {
    for (let from = 0; from < past.length; from += chunkRecords) {
      const chunk = past.slice(from, from + chunkRecords);
      await this.inTurn(() => this.resolver.recall(chunk));
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.turn;
  }

  private async settle(waiting: readonly KnownRecord[]): Promise<void> {
    try {
      await this.tell(waiting);
    } catch (cause) {
      if (isUnavailable(cause)) throw cause;
      for (const record of waiting) await this.settleAlone(record);
    }
  }

  /** One record that cannot be told must not keep the others waiting. */
  private async settleAlone(record: KnownRecord): Promise<void> {
    try {
      await this.tell([record]);
    } catch (cause) {
      if (isUnavailable(cause)) throw cause;
      await this.records.park(record);
      this.logger.error("A record cannot be told to the graph", { cause, record: record.id });
    }
  }

  private async tell(waiting: readonly KnownRecord[]): Promise<void> {
    await this.matcher.match(waiting);
    const tied = await this.resolver.tell(waiting, []);
    const told = waiting.filter(({ id }) => tied.has(id));
    await this.records.settle(
      told.map(({ id, revision }) => ({ id, revision, tied: tied.get(id)! })),
    );
    // Somebody was erased since they were written: they say nothing any more.
    await this.records.forget(waiting.filter((each) => !tied.has(each.id)).map(keyOf));
    while (await this.teller.tell());
  }
}
