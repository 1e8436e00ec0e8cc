import type { Logger } from "../../../kernel/logging/logger.ts";

/**
 * Repeats a piece of background work: at once while there is more, when woken, else after a while.
 * A failure is logged and the work tried again after `idleMs`.
 */
export class Rounds {
  private readonly work: () => Promise<boolean>;
  private readonly idleMs: number;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isWoken = false;
  private isStopped = false;

  /** `work` gives whether there may be more to do at once. */
  constructor(work: () => Promise<boolean>, idleMs: number, logger: Logger) {
    this.work = work;
    this.idleMs = idleMs;
    this.logger = logger;
  }

  wake(): void {
    this.isWoken = true;
    if (this.isStopped || this.running) return;
    if (this.timer) clearTimeout(this.timer);
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.isStopped) return;
      if (this.isWoken) this.wake();
      else this.timer = setTimeout(() => this.wake(), this.idleMs);
    });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.isWoken && !this.isStopped) {
        this.isWoken = false;
        if (await this.work()) this.isWoken = true;
      }
    } catch (error) {
      this.isWoken = false;
      this.logger.warn("background work failed; it is tried again", { error });
    }
  }
}
