import type { Session } from "../database/database.ts";
import { EntryStretch } from "./entry-stretch.ts";
import type { StreamEntry, StreamName } from "./stream.ts";
import { pageEntriesMax, readPage, type StreamPage } from "./stream-store.ts";

/** Only for readers that come soon after each other is it worth its memory. */
const idleMsMax = 30_000;

/**
 * What was appended to one stream, or read of it, a moment ago. Half a dozen consumers go over the same entries
 * within a second of each other: one of them reads and parses, the others find them here (reading took a quarter
 * of the embedded engine's time). Payloads are shared: nobody changes them.
 */
export class RecentEntries {
  private readonly name: StreamName;
  private readonly nowMs: () => number;
  /**
   * What was appended, where every append of the platform comes by here (the one process of the embedded
   * engine): its end is the stream's end.
   */
  private readonly appended: EntryStretch | null;
  /** What was read, where readers were the last time. */
  private readonly readBefore = new EntryStretch();
  private usedAt = 0;

  constructor(name: StreamName, isFed: boolean, nowMs: () => number = () => performance.now()) {
    this.name = name;
    this.appended = isFed ? new EntryStretch() : null;
    this.nowMs = nowMs;
  }

  /**
   * Entries after a position, ascending, at most `limit` (1–1,000); fewer only at the stream's end. `session`
   * must not have appended to this stream itself.
   */
  async read(session: Session, after: number, limit: number): Promise<StreamEntry[]> {
    this.forgetWhenIdle();
    const wanted = Math.min(limit, pageEntriesMax);
    const newest = this.appended?.after(after, wanted);
    if (newest) return newest;
    const known = this.readBefore.after(after, wanted) ?? [];
    if (known.length === wanted) return known;
    const end = known.at(-1)?.position ?? after;
    const page = await readPage(session, this.name, end, wanted - known.length);
    this.readBefore.goOn(end, page);
    return known.concat(page.entries);
  }

  /** Takes in what was just appended; in order of commit. */
  feed(page: StreamPage): void {
    const first = page.entries[0];
    if (!first || !this.appended) return;
    this.forgetWhenIdle();
    const { end } = this.appended;
    if (end !== null && end >= first.position) this.appended.forget();
    else this.appended.goOn(end ?? first.position - 1, page);
  }

  /** For who has changed stored entries. */
  forget(): void {
    this.appended?.forget();
    this.readBefore.forget();
  }

  private forgetWhenIdle(): void {
    const now = this.nowMs();
    if (now - this.usedAt > idleMsMax) this.forget();
    this.usedAt = now;
  }
}
