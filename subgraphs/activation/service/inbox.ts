import type { DueDelivery } from "../store/due-delivery.ts";

/** Some 1 KB each. Beyond it the table remembers them well enough. */
const freshMax = 4_096;
/** Retries, and what another process made due, are found by reading, at the latest after this. */
const readAgainMs = 1_000;

/** Reads what is due, the oldest wish first. */
export type ReadDue = (limit: number, onlyExits: boolean) => Promise<DueDelivery[]>;

/**
 * What is due in a lane. Whoever makes deliveries due hands them over once that is committed: most need not be
 * read back. Safe, because whatever changes a delivery raises its fence; complete, because the table is read
 * whenever there may be more in it than was handed over.
 */
export class Inbox {
  private readonly read: ReadDue;
  private fresh = new Map<string, DueDelivery>();
  /** Whether all that is due later than what is here is in the table alone. */
  private isBehind = true;
  /** Whether something was handed over since the table was asked that is not kept here. */
  private hasPassed = false;
  private readAtMs = 0;

  constructor(read: ReadDue) {
    this.read = read;
  }

  /** Once some are left to the table, all are, until it has been read to its end: their order holds. */
  offer(deliveries: readonly DueDelivery[]): void {
    for (const delivery of deliveries) {
      if (this.fresh.size >= freshMax) this.isBehind = true;
      if (this.isBehind) this.hasPassed = true;
      else this.fresh.set(delivery.id, delivery);
    }
  }

  /** At most `limit`; none: nothing is due. */
  async next(limit: number, onlyExits: boolean): Promise<DueDelivery[]> {
    const nowMs = performance.now();
    const mayTake = this.fresh.size > 0 && !onlyExits;
    if (mayTake && nowMs - this.readAtMs < readAgainMs) return this.take(limit);
    this.readAtMs = nowMs;
    if (onlyExits) this.leaveToTable();
    this.hasPassed = false;
    const due = await this.read(limit, onlyExits);
    for (const { id } of due) this.fresh.delete(id);
    this.isBehind = onlyExits || this.hasPassed || due.length === limit;
    return due;
  }

  private take(limit: number): DueDelivery[] {
    const taken = [...this.fresh.values()].slice(0, limit);
    for (const { id } of taken) this.fresh.delete(id);
    return taken;
  }

  private leaveToTable(): void {
    this.fresh = new Map();
    this.isBehind = true;
  }
}
