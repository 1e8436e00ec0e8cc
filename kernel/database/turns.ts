/** How urgent a turn is: what somebody waits for, what somebody follows, what only has to be done. */
export type Urgency = "awaited" | "followed" | "background";

const urgencies: readonly Urgency[] = ["awaited", "followed", "background"];

/** How long more urgent ones may go on while somebody less urgent waits. */
const precedenceMsMax: Record<Urgency, number> = { awaited: 0, followed: 30, background: 90 };

/** Turns whose last statement is under way. More would wait at the engine, where nobody goes before another. */
const underWayMax = 1;

/**
 * Who is next at the embedded engine's one session. What somebody waits for (requests, ingestion, deliveries)
 * goes before what subscribers follow (identity, audiences), and that before the other consumers' batches, but
 * for a while only: at full load each still gets its share. In one queue, an event waited for up to six batches
 * before it was accepted, and as long again before it was told.
 */
export class Turns {
  private isTaken = false;
  private underWay = 0;
  private readonly waiting = new Map<Urgency, (() => void)[]>(urgencies.map((one) => [one, []]));
  /** Since when others are served while somebody of this urgency waits; 0: nobody waits. */
  private readonly passedOverSince = new Map<Urgency, number>();
  private readonly nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.nowMs = nowMs;
  }

  /** Resolves when it is the caller's turn; who has it calls `sent`, then `leave`. */
  enter(urgency: Urgency): Promise<void> {
    if (this.isFree()) {
      this.isTaken = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.get(urgency)!.push(resolve));
  }

  /** The last statement of the turn is on its way: those of the next may follow it. */
  sent(): void {
    this.isTaken = false;
    this.underWay += 1;
    this.admit();
  }

  /** The turn's last answer has come. */
  leave(): void {
    this.underWay -= 1;
    this.admit();
  }

  private isFree(): boolean {
    return !this.isTaken && this.underWay <= underWayMax;
  }

  private admit(): void {
    if (!this.isFree()) return;
    const next = this.next();
    if (!next) return;
    this.isTaken = true;
    next();
  }

  private next(): (() => void) | undefined {
    const now = this.nowMs();
    const waiting = urgencies.filter((urgency) => this.waiting.get(urgency)!.length > 0);
    const overdue = waiting.filter(
      (urgency) => now - this.passedOver(urgency, now) >= precedenceMsMax[urgency],
    );
    // Of those who have waited too long the least urgent: the others come soon in any case.
    const chosen = overdue.findLast((urgency) => urgency !== "awaited") ?? waiting[0];
    if (!chosen) return undefined;
    this.passedOverSince.set(chosen, 0);
    return this.waiting.get(chosen)!.shift();
  }

  private passedOver(urgency: Urgency, now: number): number {
    const since = this.passedOverSince.get(urgency) || now;
    this.passedOverSince.set(urgency, since);
    return since;
  }
}
