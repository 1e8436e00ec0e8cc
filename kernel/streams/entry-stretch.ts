import type { StreamEntry } from "./stream.ts";
import type { StreamPage } from "./stream-store.ts";

/** Part of a stream in memory: of what lies between `from` and the last entry nothing is missing. */
export class EntryStretch {
  private readonly entriesMax: number;
  private readonly sizeMax: number;
  private entries: StreamEntry[] = [];
  private size = 0;
  private from = 0;

  /** `sizeMax`: characters of stored payload; parsed they take about four times as many bytes. */
  constructor(entriesMax: number, sizeMax: number) {
    this.entriesMax = entriesMax;
    this.sizeMax = sizeMax;
  }

  get end(): number | null {
    return this.entries.at(-1)?.position ?? null;
  }

  /** Null when the position lies outside. */
  after(position: number, limit: number): StreamEntry[] | null {
    const { end } = this;
    if (end === null || position < this.from || position > end) return null;
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.position > position) high = middle;
      else low = middle + 1;
    }
    return this.entries.slice(low, low + limit);
  }

  /** Takes in the entries right after a position: goes on with them, or begins anew where it ends before. */
  goOn(after: number, page: StreamPage): void {
    const { end } = this;
    if (page.entries.length === 0 || (end !== null && after < this.from)) return;
    if (end !== null && after <= end) {
      const fresh = page.entries.filter(({ position }) => position > end);
      this.entries.push(...fresh);
      this.size += (page.size * fresh.length) / page.entries.length;
    } else {
      this.entries = page.entries.slice();
      this.from = after;
      this.size = page.size;
    }
    if (this.entries.length > this.entriesMax || this.size > this.sizeMax) this.halve();
  }

  forget(): void {
    this.entries = [];
    this.size = 0;
  }

  private halve(): void {
    const half = this.entries.length >> 1;
    this.from = this.entries[half]!.position;
    this.entries = this.entries.slice(half + 1);
    this.size /= 2;
  }
}
