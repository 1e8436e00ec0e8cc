import { Agent, request as send } from "undici";

/** A part that has not answered anything for so long, while somebody waits for it, is asked whether it lives. */
const quietMs = 1_500;
const checkMs = 500;
/** A living process answers `/health` within this time, however busy it is. */
const aliveMsMax = 4_000;

/**
 * Whether another process still answers, so that nobody waits for a frozen one until the last deadline.
 * Costs nothing while it answers; a killed one refuses connections by itself.
 */
export class PartPulse {
  private readonly health: URL;
  /** Of its own: the others may all be waiting. */
  private readonly agent = new Agent({ connections: 1, headersTimeout: aliveMsMax });
  private readonly waiting = new Set<() => void>();
  private timer: NodeJS.Timeout | null = null;
  private heardAt = 0;
  private isAsking = false;
  private hasStopped = false;

  /** `address` is the process's, such as `http://127.0.0.1:4001`. */
  constructor(address: string | URL) {
    this.health = new URL("/health", address);
  }

  /** Calls `onStopped` when the part has stopped answering; at once when that is known. */
  wait(onStopped: () => void): void {
    if (this.hasStopped) return onStopped();
    if (this.waiting.size === 0) this.heardAt = performance.now();
    this.waiting.add(onStopped);
    this.timer ??= setInterval(() => void this.check(), checkMs).unref();
  }

  /** The part answered, or nobody waits any more. */
  done(onStopped: () => void): void {
    this.waiting.delete(onStopped);
  }

  heard(): void {
    this.heardAt = performance.now();
  }

  async close(): Promise<void> {
    this.rest();
    await this.agent.destroy();
  }

  private async check(): Promise<void> {
    if (this.isAsking) return;
    if (this.waiting.size === 0 && !this.hasStopped) return this.rest();
    if (performance.now() - this.heardAt < quietMs) return;
    this.isAsking = true;
    const lives = await this.lives();
    this.isAsking = false;
    this.hasStopped = !lives;
    if (lives) return this.heard();
    const all = [...this.waiting];
    this.waiting.clear();
    for (const onStopped of all) onStopped();
  }

  private rest(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private async lives(): Promise<boolean> {
    try {
      const { body } = await send(this.health, {
        dispatcher: this.agent,
        signal: AbortSignal.timeout(aliveMsMax),
      });
      await body.dump();
      return true;
    } catch {
      return false;
    }
  }
}
