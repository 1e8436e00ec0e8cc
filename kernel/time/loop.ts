const retryDelayMsMin = 50;
const retryDelayMsMax = 5_000;

export type StepOutcome = "worked" | "idle" | "failed";

/**
 * Takes steps until stopped: at once after work, after a wake-up or a while when idle, later after
 * failures.
 */
export class Loop {
  private readonly step: () => Promise<StepOutcome>;
  private readonly pollIntervalMs: number;
  private readonly running: Promise<void>;
  private isStopping = false;
  private isWoken = false;
  private isBackingOff = false;
  private endPause: (() => void) | null = null;
  private delayMs = retryDelayMsMin;

  /** `step` must not throw. */
  constructor(step: () => Promise<StepOutcome>, pollIntervalMs: number) {
    this.step = step;
    this.pollIntervalMs = pollIntervalMs;
    this.running = this.run();
  }

  get isEnding(): boolean {
    return this.isStopping;
  }

  wake(): void {
    this.isWoken = true;
    if (!this.isBackingOff) this.endPause?.();
  }

  /** Ends after the step at work. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.endPause?.();
    await this.running;
  }

  private async run(): Promise<void> {
    // The owner's constructor has to be through before the first step.
    await Promise.resolve();
    while (!this.isStopping) {
      this.isWoken = false;
      const outcome = await this.step();
      if (outcome === "failed") {
        await this.backOff();
        continue;
      }
      this.delayMs = retryDelayMsMin;
      if (outcome === "idle" && !this.isWoken) await this.pause(this.pollIntervalMs);
    }
  }

  /** Waits before another try, whatever comes; ends early when the loop is stopped. */
  private async backOff(): Promise<void> {
    this.isBackingOff = true;
    await this.pause(this.delayMs);
    this.isBackingOff = false;
    this.delayMs = Math.min(this.delayMs * 2, retryDelayMsMax);
  }

  private pause(ms: number): Promise<void> {
    if (this.isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.endPause = null;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.endPause = finish;
    });
  }
}
