import type { Database } from "../../../kernel/database/database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { CountsRow, SourceStore } from "../store/source-store.ts";

const writeIntervalMs = 1_000;

/** Told of every request's outcome. */
export interface IngestionCounts {
  add(source: string, result: CountedResult, at: Date): void;
}

/** The part of an ingestion's result that is counted. */
export interface CountedResult {
  accepted: number;
  duplicates: number;
  quarantined: number;
  rejected: readonly unknown[];
}

/**
 * Counts what each source sends and writes the sums once a second: a crash can lose the counts of its
 * last second, never an event.
 */
export class SourceStatisticsWriter implements IngestionCounts {
  private readonly database: Database;
  private readonly store: SourceStore;
  private readonly logger: Logger;
  private counts = new Map<string, CountsRow>();
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> | null = null;

  constructor(database: Database, store: SourceStore, logger: Logger) {
    this.database = database;
    this.store = store;
    this.logger = logger;
    this.timer = setInterval(() => void this.write(), writeIntervalMs);
    this.timer.unref();
  }

  add(source: string, result: CountedResult, at: Date): void {
    const known = this.counts.get(source);
    const counts = known ?? { source, ...zero, lastEventAt: at };
    counts.accepted += result.accepted;
    counts.duplicates += result.duplicates;
    counts.quarantined += result.quarantined;
    counts.rejected += result.rejected.length;
    if (at > counts.lastEventAt) counts.lastEventAt = at;
    if (!known) this.counts.set(source, counts);
  }

  /** Writes what was counted so far. Never throws: what could not be written is counted on. */
  write(): Promise<void> {
    this.writing ??= this.writeCounts().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  /** Until all that was counted before the call is written, if it can be. */
  async settle(): Promise<void> {
    await this.writing;
    await this.write();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.settle();
  }

  private async writeCounts(): Promise<void> {
    if (this.counts.size === 0) return;
    const counts = this.counts;
    this.counts = new Map();
    try {
      await this.store.addCounts(this.database, [...counts.values()]);
    } catch (error) {
      this.logger.warn("source counts could not be written yet", { error });
      for (const one of counts.values()) {
        this.add(one.source, { ...one, rejected: Array(one.rejected).fill(0) }, one.lastEventAt);
      }
    }
  }
}

const zero = { accepted: 0, duplicates: 0, quarantined: 0, rejected: 0 };
