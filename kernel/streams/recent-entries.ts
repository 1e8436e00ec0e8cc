import type { Session } from "../database/database.ts";
import { EntryStretch } from "./entry-stretch.ts";
import type { StreamEntry, StreamName } from "./stream.ts";
import { pageEntriesMax, readPage, type StreamPage } from "./stream-store.ts";

/** Only for readers that come soon after each other is it worth its memory. */
const idleMsMax = 30_000;

/** Entries and characters of payload. */
const appendedMax = [3_000, 3_000_000] as const;
const readMax = [1_500, 1_500_000] as const;

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
  /**
   * What was read; the one used last is first. Two, as under load some readers lead and the others lag
   * behind together: with one, whoever led kept those from sharing, who then read everything four times.
   */
  private readBefore = [new EntryStretch(...readMax), new EntryStretch(...readMax)];
  private usedAt = 0;

  constructor(name: StreamName, isFed: boolean, nowMs: () => number = () => performance.now()) {
    this.name = name;
    this.appended = isFed ? new EntryStretch(...appendedMax) : null;
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
    const stretch = this.stretchAt(after);
    const known = stretch.after(after, wanted) ?? [];
    if (known.length === wanted) return known;
    const end = known.at(-1)?.position ?? after;
    const page = await readPage(session, this.name, end, wanted - known.length);
    stretch.goOn(end, page);
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
    for (const stretch of [this.appended, ...this.readBefore]) stretch?.forget();
  }

  /** The one that goes on from there; else, emptied, the one that was used least recently. */
  private stretchAt(position: number): EntryStretch {
    const found = this.readBefore.find((stretch) => stretch.after(position, 0));
    const stretch = found ?? this.readBefore.at(-1)!;
    if (!found) stretch.forget();
    this.readBefore = [stretch, ...this.readBefore.filter((each) => each !== stretch)];
    return stretch;
  }

  private forgetWhenIdle(): void {
    const now = this.nowMs();
    if (now - this.usedAt > idleMsMax) this.forget();
    this.usedAt = now;
  }
}
