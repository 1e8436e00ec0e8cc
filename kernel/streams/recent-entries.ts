import type { Session } from "../database/database.ts";
import type { StreamEntry, StreamName } from "./stream.ts";
import { pageEntriesMax, readPage, type StreamPage } from "./stream-store.ts";

const entriesMax = 4_000;
/** Characters of stored payload; parsed they take about four times as many bytes. */
const sizeMax = 4_000_000;
const idleMsMax = 30_000;

/**
 * The newest stretch of one stream that somebody in this process has read. Half a dozen consumers go over the
 * same entries within a second of each other: the first one reads and parses them, the others find them here
 * (reading was a quarter of the embedded engine's time). Payloads are shared and frozen by agreement: nobody
 * changes them.
 *
 * Entries are in order of commit and never change, so everything between `from` and the last one is here.
 */
export class RecentEntries {
  private readonly name: StreamName;
  private readonly nowMs: () => number;
  private entries: StreamEntry[] = [];
  private size = 0;
  private from = 0;
  private usedAt = 0;

  constructor(name: StreamName, nowMs: () => number = () => performance.now()) {
    this.name = name;
    this.nowMs = nowMs;
  }

  /** Entries after a position, ascending, at most `limit` (1–1,000); `session` must not have appended to this stream itself. */
  async read(session: Session, after: number, limit: number): Promise<StreamEntry[]> {
    const now = this.nowMs();
    if (now - this.usedAt > idleMsMax) this.forget();
    this.usedAt = now;
    const known = this.after(after, limit);
    if (known.length > 0) return known;
    const page = await readPage(session, this.name, after, Math.min(limit, pageEntriesMax));
    this.keep(after, page);
    return page.entries;
  }

  /** For who has changed stored entries. */
  forget(): void {
    this.entries = [];
    this.size = 0;
  }

  private after(position: number, limit: number): StreamEntry[] {
    const last = this.entries.at(-1);
    if (!last || position < this.from || position >= last.position) return [];
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.position > position) high = middle;
      else low = middle + 1;
    }
    return this.entries.slice(low, low + limit);
  }

  /** Goes on where the stretch ends, or begins a new one when the page lies ahead of it. */
  private keep(after: number, page: StreamPage): void {
    const last = this.entries.at(-1);
    if (page.entries.length === 0 || (last && after < this.from)) return;
    if (last && after <= last.position) {
      const fresh = page.entries.filter(({ position }) => position > last.position);
      this.entries.push(...fresh);
      this.size += (page.size * fresh.length) / page.entries.length;
    } else {
      this.entries = page.entries.slice();
      this.from = after;
      this.size = page.size;
    }
    this.shrink();
  }

  private shrink(): void {
    if (this.entries.length <= entriesMax && this.size <= sizeMax) return;
    const half = this.entries.length >> 1;
    this.from = this.entries[half]!.position;
    this.entries = this.entries.slice(half + 1);
    this.size /= 2;
  }
}
