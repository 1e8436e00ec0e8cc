import type { Database } from "../database/database.ts";
import { DomainError } from "../errors/domain-error.ts";
import type { StreamEntry, StreamName } from "./stream.ts";
import type { RecentEntries } from "./recent-entries.ts";
import { pageEntriesMax, readFloor, readHead } from "./stream-store.ts";

/** Newest entries kept in memory, so that a thousand live subscribers cost one read. */
const tailEntriesMax = 2_000;
const pollIntervalMs = 1_000;

/**
 * The live end of one stream, shared by all its subscribers. Who is further behind reads pages from the
 * store; nobody's entries are buffered for him.
 */
export class StreamTail {
  private readonly database: Database;
  private readonly name: StreamName;
  private readonly recent: RecentEntries;
  private entries: StreamEntry[] = [];
  /** Everything after this position is in `entries`; null until the first subscriber. */
  private from: number | null = null;
  private readonly waiting = new Set<() => void>();
  private reading: Promise<void> | null = null;
  private isStale = false;
  private subscribers = 0;
  private stopListening: (() => void) | null = null;

  constructor(database: Database, name: StreamName, recent: RecentEntries) {
    this.database = database;
    this.recent = recent;
    this.name = name;
  }

  /** Yields wanted entries after `after` (null: from now on) until `signal` aborts. */
  async *follow(
    after: number | null,
    isWanted: (entry: StreamEntry) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEntry> {
    let position = await this.start(after);
    this.enter();
    const onAbort = () => this.awake();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const page = await this.pageAfter(position);
        for (const entry of page) {
          position = entry.position;
          if (signal.aborted) return;
          if (isWanted(entry)) yield entry;
        }
        if (page.length === 0) await this.change(position, signal);
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.leave();
    }
  }

  /** Drops what is kept in memory: it may have been scrubbed. Followers read it anew. */
  forget(): void {
    this.from = this.entries.at(-1)?.position ?? this.from;
    this.entries = [];
  }

  private async start(after: number | null): Promise<number> {
    const head = await readHead(this.database, this.name);
    if (after === null) return head;
    if (after > head) {
      throw new DomainError("BAD_CURSOR", "This cursor lies ahead of the stream's end.");
    }
    const floor = await readFloor(this.database, this.name);
    if (after === 0) return floor;
    this.refuseExpired(after, floor);
    return after;
  }

  private refuseExpired(position: number, floor: number): void {
    if (position >= floor) return;
    throw new DomainError(
      "CURSOR_EXPIRED",
      'What came after this cursor is no longer kept. Read the present state, then follow from "0" or streamHead.',
    );
  }

  private async pageAfter(position: number): Promise<StreamEntry[]> {
    if (this.from === null || position < this.from) {
      const page = await this.recent.read(this.database, position, pageEntriesMax);
      this.refuseExpired(position, await readFloor(this.database, this.name));
      return page;
    }
    return this.entries.slice(this.indexAfter(position));
  }

  private indexAfter(position: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.position > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private change(position: number, signal: AbortSignal): Promise<void> {
    const newest = this.entries.at(-1)?.position ?? this.from ?? 0;
    if (newest > position || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  private awake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }

  private enter(): void {
    this.subscribers += 1;
    if (this.stopListening) return;
    const end = this.database.wakeUps.onWake(this.name, () => this.refill());
    const timer = setInterval(() => this.refill(), pollIntervalMs);
    this.stopListening = () => {
      end();
      clearInterval(timer);
    };
    this.refill();
  }

  private leave(): void {
    this.subscribers -= 1;
    if (this.subscribers > 0) return;
    this.stopListening?.();
    this.stopListening = null;
    this.entries = [];
    this.from = null;
  }

  /** Reads what is new, once at a time; a wake-up during a read makes it read again. */
  private refill(): void {
    this.isStale = true;
    this.reading ??= this.readNew().finally(() => {
      this.reading = null;
    });
  }

  private async readNew(): Promise<void> {
    while (this.isStale && this.stopListening) {
      this.isStale = false;
      try {
        this.from ??= await readHead(this.database, this.name);
        const after = this.entries.at(-1)?.position ?? this.from;
        const page = await this.recent.read(this.database, after, pageEntriesMax);
        if (page.length === pageEntriesMax) this.isStale = true;
        this.keep(page);
      } catch {
        // The engine does not answer; the next poll tries again, subscribers wait.
      }
      this.awake();
    }
  }

  private keep(page: StreamEntry[]): void {
    if (page.length === 0) return;
    const all = this.entries.concat(page);
    const surplus = all.length - tailEntriesMax;
    if (surplus > 0) this.from = all[surplus - 1]!.position;
    this.entries = surplus > 0 ? all.slice(surplus) : all;
  }
}
