import type { DueDelivery } from "../store/due-delivery.ts";

/** Some 1 KB each. Beyond it the table remembers them well enough. */
const freshMax = 16_384;
/** Retries, and what another process made due, are found by reading, at the latest after this. */
const readAgainMs = 1_000;

/** Reads what is due, the oldest wish first, without those that are here already. */
export type ReadDue = (
  limit: number,
  onlyExits: boolean,
  except: readonly string[],
) => Promise<DueDelivery[]>;

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
    if (onlyExits) {
      this.leaveToTable();
      return this.read(limit, true, []);
    }
    const nowMs = performance.now();
    if (this.fresh.size === 0 || nowMs - this.readAtMs >= readAgainMs) {
      this.readAtMs = nowMs;
      await this.readOn(limit);
    }
    return this.take(limit);
  }

  private async readOn(limit: number): Promise<void> {
    this.hasPassed = false;
    const due = await this.read(limit, false, [...this.fresh.keys()]);
    this.isBehind = this.hasPassed || due.length === limit;
    if (due.length === 0) return;
    const all = new Map([...this.fresh, ...due.map((one) => [one.id, one] as const)]);
    this.fresh = new Map([...all].sort(([, a], [, b]) => oldestFirst(a, b)));
  }

  private take(limit: number): DueDelivery[] {
    const taken: DueDelivery[] = [];
    for (const [id, delivery] of this.fresh) {
      if (taken.length === limit) break;
      taken.push(delivery);
      this.fresh.delete(id);
    }
    return taken;
  }

  private leaveToTable(): void {
    this.fresh = new Map();
    this.isBehind = true;
  }
}

/** As the table gives them. */
function oldestFirst(a: DueDelivery, b: DueDelivery): number {
  const [atA, atB] = [a.dueAt?.getTime() ?? 0, b.dueAt?.getTime() ?? 0];
  return atA - atB || (a.id < b.id ? -1 : 1);
}
