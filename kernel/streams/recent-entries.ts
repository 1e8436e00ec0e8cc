import type { Session } from "../database/database.ts";
import type { StreamEntry, StreamName } from "./stream.ts";
import { pageEntriesMax, readPage, type StreamPage } from "./stream-store.ts";

const entriesMax = 4_000;
/** Characters of stored payload; parsed they take about four times as many bytes. */
const sizeMax = 4_000_000;
/** Only for readers that come soon after each other is it worth its memory. */
const idleMsMax = 30_000;

/**
 * The newest stretch of one stream, in memory. Half a dozen consumers go over the same entries within a second
 * of each other; one of them reads and parses, the others find them here (reading took a quarter of the embedded
 * engine's time). Payloads are shared: nobody changes them.
 *
 * Two ways to fill it, never both, so that between `from` and the last entry nothing is missing. Where every
 * append of the platform comes by (`isFed`: the one process of the embedded engine), from the appends, and its
 * end is the stream's end. Where other processes append too, from what is read.
 */
export class RecentEntries {
  private readonly name: StreamName;
  private readonly isFed: boolean;
  private readonly nowMs: () => number;
  private entries: StreamEntry[] = [];
  private size = 0;
  private from = 0;
  private usedAt = 0;

  constructor(name: StreamName, isFed: boolean, nowMs: () => number = () => performance.now()) {
    this.name = name;
    this.isFed = isFed;
    this.nowMs = nowMs;
  }

  /**
   * Entries after a position, ascending, at most `limit` (1–1,000); fewer only at the stream's end. `session`
   * must not have appended to this stream itself.
   */
  async read(session: Session, after: number, limit: number): Promise<StreamEntry[]> {
    this.forgetWhenIdle();
    const wanted = Math.min(limit, pageEntriesMax);
    const known = this.after(after, wanted);
    if (known && (known.length === wanted || this.isFed)) return known;
    const end = known?.at(-1)?.position ?? after;
    const page = await readPage(session, this.name, end, wanted - (known?.length ?? 0));
    if (!this.isFed) this.goOn(end, page);
    return known ? known.concat(page.entries) : page.entries;
  }

  /** Takes in what was just appended; in order of commit. */
  feed(page: StreamPage): void {
    const first = page.entries[0];
    if (!first) return;
    this.forgetWhenIdle();
    const last = this.entries.at(-1);
    if (last && last.position >= first.position) return this.forget();
    this.goOn(last?.position ?? first.position - 1, page);
  }

  /** For who has changed stored entries. */
  forget(): void {
    this.entries = [];
    this.size = 0;
  }

  private forgetWhenIdle(): void {
    const now = this.nowMs();
    if (now - this.usedAt > idleMsMax) this.forget();
    this.usedAt = now;
  }

  /** Null when the position lies outside of the stretch. */
  private after(position: number, limit: number): StreamEntry[] | null {
    const last = this.entries.at(-1);
    if (!last || position < this.from || position > last.position) return null;
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.position > position) high = middle;
      else low = middle + 1;
    }
    return this.entries.slice(low, low + limit);
  }

  /** The page begins right after `end`: the stretch goes on with it, or begins anew when it ends before. */
  private goOn(end: number, page: StreamPage): void {
    const last = this.entries.at(-1);
    if (page.entries.length === 0 || (last && end < this.from)) return;
    if (last && end <= last.position) {
      const fresh = page.entries.filter(({ position }) => position > last.position);
      this.entries.push(...fresh);
      this.size += (page.size * fresh.length) / page.entries.length;
    } else {
      this.entries = page.entries.slice();
      this.from = end;
      this.size = page.size;
    }
    if (this.entries.length > entriesMax || this.size > sizeMax) this.halve();
  }

  private halve(): void {
    const half = this.entries.length >> 1;
    this.from = this.entries[half]!.position;
    this.entries = this.entries.slice(half + 1);
    this.size /= 2;
  }
}
