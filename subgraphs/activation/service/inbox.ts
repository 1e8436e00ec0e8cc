import type { DueDelivery } from "../store/due-delivery.ts";

/** Beyond it the table remembers them well enough. */
const freshMax = 2_048;
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
  /** Whether all that is due was handed over, as far as this process knows. */
  private isComplete = false;
  private readAtMs = 0;

  constructor(read: ReadDue) {
    this.read = read;
  }

  offer(deliveries: readonly DueDelivery[]): void {
    for (const delivery of deliveries) this.fresh.set(delivery.id, delivery);
    if (this.fresh.size > freshMax) this.forget();
  }

  /** At most `limit`; none: nothing is due. */
  async next(limit: number, onlyExits: boolean): Promise<DueDelivery[]> {
    const nowMs = performance.now();
    const mayTake = this.isComplete && this.fresh.size > 0 && !onlyExits;
    if (mayTake && nowMs - this.readAtMs < readAgainMs) return this.take(limit);
    if (onlyExits) this.forget();
    const due = await this.read(limit, onlyExits);
    this.readAtMs = nowMs;
    for (const { id } of due) this.fresh.delete(id);
    this.isComplete = due.length < limit && !onlyExits;
    return due;
  }

  private take(limit: number): DueDelivery[] {
    const taken = [...this.fresh.values()].slice(0, limit);
    for (const { id } of taken) this.fresh.delete(id);
    return taken;
  }

  private forget(): void {
    this.fresh = new Map();
    this.isComplete = false;
  }
}
