/** So many are taken at once, at most. */
const batchMax = 256;
/**
 * While attempts are fast, more is taken than can leave at once, as much as leaves within this time: a batch
 * costs two questions and two transactions, however many are in it.
 */
const aheadMs = 150;
const aheadMax = 16;
const attemptMsFirst = 50;
const attemptsRemembered = 32;
/** Outcomes that wait to be written; beyond them nothing more is taken. */
const writingMax = 1_024;

/** What a lane has taken: attempts under way, outcomes being written, and the room that they leave. */
export class Flight {
  private readonly slots: number;
  private readonly sending = new Set<Promise<unknown>>();
  private readonly writing = new Set<Promise<unknown>>();
  private attemptMs = attemptMsFirst;
  private onRoom = () => {};

  /** `slots` attempts may be under way at once. */
  constructor(slots: number) {
    this.slots = slots;
  }

  /** How many may be taken now. */
  room(): number {
    if (this.writing.size >= writingMax) return 0;
    return Math.min(this.window() - this.sending.size, batchMax);
  }

  /** Whether it is worth taking some. */
  hasRoom(): boolean {
    return this.room() >= this.window() / 2;
  }

  /** Resolves when there is room; for one who waits. */
  untilRoom(): Promise<void> {
    return this.hasRoom() ? Promise.resolve() : new Promise((resolve) => (this.onRoom = resolve));
  }

  /** An attempt takes off; `written` resolves, whatever became of it, once its outcome is written. */
  add(attempt: Promise<unknown>, written: Promise<unknown>): void {
    this.sending.add(attempt);
    this.writing.add(written);
    const landed = () => this.leave(this.sending, attempt);
    void attempt.then(landed, landed);
    void written.then(() => this.leave(this.writing, written));
  }

  /** An attempt took so long. */
  took(ms: number): void {
    this.attemptMs += (ms - this.attemptMs) / attemptsRemembered;
  }

  /** Resolves when all that was taken has ended and is written. */
  async landed(): Promise<void> {
    await Promise.all([...this.sending, ...this.writing]);
  }

  /** How many may be taken and not yet answered. */
  private window(): number {
    const ahead = Math.min(aheadMs / Math.max(this.attemptMs, 1), aheadMax);
    return Math.min(Math.round(this.slots * Math.max(ahead, 1)), batchMax * 2);
  }

  private leave(of: Set<Promise<unknown>>, ended: Promise<unknown>): void {
    of.delete(ended);
    if (this.hasRoom()) this.onRoom();
  }
}
