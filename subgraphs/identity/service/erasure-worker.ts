import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { Erasure, ErasureState, ErasureStore } from "../domain/erasure.ts";
import type { Erasures } from "../store/erasures.ts";

/** How long another process takes it that we still work at it. */
const leaseMs = 30_000;
const pollIntervalMs = 5_000;
const waitMsMin = 20;
const waitMsMax = 1_000;

/** What a step at one store came to; WAITING: others have to go on first. */
export type StepOutcome = "DONE" | "GOES_ON" | "WAITING";

export type StoreStep = (erasure: Erasure) => Promise<StepOutcome>;

/**
 * Takes open erasures through their stores, step by step; each step is safe to repeat, and what is
 * done is noted after it. Goes on where it was when a process was killed.
 */
export class ErasureWorker {
  private readonly erasures: Erasures;
  private readonly steps: Readonly<Record<ErasureStore, StoreStep>>;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private running: Promise<void> | null = null;
  private isStopping = false;
  private isWoken = false;
  private endPause: (() => void) | null = null;
  private waitMs = waitMsMin;

  constructor(parts: {
    erasures: Erasures;
    steps: Readonly<Record<ErasureStore, StoreStep>>;
    clock: Clock;
    logger: Logger;
  }) {
    this.erasures = parts.erasures;
    this.steps = parts.steps;
    this.clock = parts.clock;
    this.logger = parts.logger;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** There is something to do. */
  wake(): void {
    this.isWoken = true;
    this.endPause?.();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.endPause?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      const outcome = await this.step();
      if (outcome === "worked") this.waitMs = waitMsMin;
      else if (outcome === "idle") await this.pause(pollIntervalMs, true);
      else {
        await this.pause(this.waitMs, false);
        this.waitMs = Math.min(this.waitMs * 2, waitMsMax);
      }
    }
  }

  private async step(): Promise<"worked" | "waiting" | "idle"> {
    try {
      this.isWoken = false;
      const erasure = await this.erasures.take(this.clock.now(), leaseMs);
      return erasure ? await this.advance(erasure) : "idle";
    } catch (error) {
      if (!this.isStopping) this.logger.warn("an erasure waits for an engine", { error });
      return "waiting";
    }
  }

  private async advance(erasure: Erasure): Promise<"worked" | "waiting"> {
    const store = erasure.stores.find(({ state }) => state !== "DONE");
    try {
      const outcome = store ? await this.steps[store.name](erasure) : "DONE";
      if (store && outcome === "DONE") this.finish(erasure, store.name);
      else if (store) noteState(erasure, store.name, "RUNNING");
      await this.erasures.save(erasure, this.clock.now());
      return outcome === "WAITING" ? "waiting" : "worked";
    } catch (error) {
      const { id, attempts } = erasure;
      await this.erasures.save({ ...erasure, attempts: attempts + 1 }, this.clock.now());
      if (!this.isStopping) {
        this.logger.warn("an erasure could not go on yet", {
          erasure: id,
          store: store?.name,
          error,
        });
      }
      return "waiting";
    }
  }

  private finish(erasure: Erasure, name: ErasureStore): void {
    noteState(erasure, name, "DONE");
    if (erasure.work) Object.assign(erasure.work, { next: null, barrier: null });
    if (erasure.stores.some(({ state }) => state !== "DONE")) return;
    erasure.state = "DONE";
    erasure.finishedAt = this.clock.now().toISOString();
    erasure.work = null;
  }

  private pause(ms: number, endsOnWake: boolean): Promise<void> {
    if (this.isStopping || (endsOnWake && this.isWoken)) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.endPause = null;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.endPause = () => {
        if (endsOnWake || this.isStopping) finish();
      };
    });
  }
}

function noteState(erasure: Erasure, name: ErasureStore, state: ErasureState): void {
  erasure.state = "RUNNING";
  erasure.stores = erasure.stores.map((store) => (store.name === name ? { name, state } : store));
}
