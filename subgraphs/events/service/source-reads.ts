import type { Database } from "../../../kernel/database/database.ts";
import type { Source, SourceStatistics } from "../domain/source.ts";
import type { SourceStore, WriteKeyRow } from "../store/source-store.ts";
import type { SourceStatisticsWriter } from "./source-statistics.ts";

/** What is asked about sources; batched by name. */
export class SourceReads {
  private readonly database: Database;
  private readonly store: SourceStore;
  private readonly counts: SourceStatisticsWriter;

  constructor(database: Database, store: SourceStore, counts: SourceStatisticsWriter) {
    this.database = database;
    this.store = store;
    this.counts = counts;
  }

  /** By name, ascending, after a name; at most `limit`. */
  page(after: string | null, limit: number): Promise<Source[]> {
    return this.store.page(this.database, after, limit);
  }

  /** One per name, in order; null where there is none. */
  async byNames(names: readonly string[]): Promise<(Source | null)[]> {
    const sources = await this.store.byNames(this.database, names);
    return names.map((name) => sources.get(name) ?? null);
  }

  /** With what this process has counted up to now. */
  async statistics(names: readonly string[]): Promise<SourceStatistics[]> {
    await this.counts.settle();
    const known = await this.store.statistics(this.database, names);
    return names.map((name) => known.get(name) ?? nothing);
  }

  async writeKeys(names: readonly string[]): Promise<WriteKeyRow[][]> {
    const keys = await this.store.keysOf(this.database, names);
    return names.map((name) => keys.filter((key) => key.source === name));
  }
}

const nothing: SourceStatistics = {
  accepted: 0,
  duplicates: 0,
  quarantined: 0,
  rejected: 0,
  lastEventAt: null,
};
