import { Follower } from "../follower.ts";
import type { RunningLayout } from "../running-layout.ts";

/** Follows a feed for ever: whenever the line breaks, it goes on after the last cursor it saw. */
export class ResumingFollower<T extends { cursor: string }> {
  /** All of it, in the order in which it came. */
  readonly sequence: T[] = [];
  resumptions = -1;
  private follower: Follower<T> | null = null;
  private readonly open: (after: string) => Follower<T>;
  private readonly timer: NodeJS.Timeout;

  constructor(layout: RunningLayout, query: string) {
    this.open = (after) => new Follower<T>(layout, query, { after });
    this.resume();
    this.timer = setInterval(() => {
      this.take();
      if (this.follower?.ending) this.resume();
    }, 100);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.take();
    await this.follower?.close();
  }

  private take(): void {
    this.sequence.push(...(this.follower?.received.splice(0) ?? []));
  }

  private resume(): void {
    this.take();
    void this.follower?.close();
    this.resumptions += 1;
    this.follower = this.open(this.sequence.at(-1)?.cursor ?? "0");
  }
}
