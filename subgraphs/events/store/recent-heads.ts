import type { EventHead } from "./event-log.ts";

/** About 5 MB. Timelines are rarely further behind than this; then they read the stream. */
const headsMax = 20_000;

/** Heads of the newest events by position: a timeline need not read what was just written. */
export class RecentHeads {
  private readonly heads = new Map<number, EventHead>();

  add(head: EventHead): void {
    this.heads.set(head.position, head);
    if (this.heads.size <= headsMax) return;
    // A Map iterates in order of insertion: the first is the oldest.
    for (const oldest of this.heads.keys()) {
      this.heads.delete(oldest);
      return;
    }
  }

  get(position: number): EventHead | undefined {
    return this.heads.get(position);
  }
}
