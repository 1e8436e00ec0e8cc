/** How long those in front may go on while somebody in the background waits. */
const foregroundMsMax = 30;

/**
 * Who is next at the embedded engine's one session. What somebody waits for (requests, ingestion, deliveries)
 * goes before the consumers' batches, but for a while only: at full load both get about half of the time. In
 * one queue, an event waited for up to six batches before it was accepted.
 */
export class Turns {
  private isTaken = false;
  private readonly foreground: (() => void)[] = [];
  private readonly background: (() => void)[] = [];
  private foregroundSince = 0;
  private readonly nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.nowMs = nowMs;
  }

  /** Resolves when it is the caller's turn; he gives it back by `leave`. */
  enter(isBackground: boolean): Promise<void> {
    if (!this.isTaken) {
      this.isTaken = true;
      if (isBackground) this.foregroundSince = 0;
      return Promise.resolve();
    }
    const queue = isBackground ? this.background : this.foreground;
    return new Promise((resolve) => queue.push(resolve));
  }

  leave(): void {
    const next = this.next();
    if (next) next();
    else this.isTaken = false;
  }

  private next(): (() => void) | undefined {
    if (this.background.length > 0) {
      const now = this.nowMs();
      if (this.foregroundSince === 0) this.foregroundSince = now;
      const isUp = now - this.foregroundSince >= foregroundMsMax;
      if (this.foreground.length === 0 || isUp) {
        this.foregroundSince = 0;
        return this.background.shift();
      }
    }
    return this.foreground.shift();
  }
}
