import type { Clock } from "../../../kernel/time/clock.ts";

/** How much the newest batch counts against all before it. */
const newestWeight = 0.2;
const secondsMax = 30;

/** Measures how long rows take to be written, to say how long those that wait will take. */
export class WritingPace {
  private readonly clock: Clock;
  private msPerRow = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Does the work of writing so many rows (at least one), and learns from it. */
  async measure<T>(rows: number, work: () => Promise<T>): Promise<T> {
    const from = this.clock.now().getTime();
    const result = await work();
    const msPerRow = (this.clock.now().getTime() - from) / rows;
    this.msPerRow += (msPerRow - this.msPerRow) * (this.msPerRow === 0 ? 1 : newestWeight);
    return result;
  }

  /** Whole seconds that so many rows will take about, from 1 to 30. */
  secondsFor(rows: number): number {
    return Math.min(secondsMax, Math.max(1, Math.ceil((rows * this.msPerRow) / 1_000)));
  }
}
