import type { Database, Transaction } from "../../../kernel/database/database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { MembershipStore } from "../store/membership-store.ts";
import type { KnownUntil } from "./known-until.ts";
import { type MembershipEvaluator, noCause, type Question } from "./membership-evaluator.ts";
import type { MembershipWriter } from "./membership-writer.ts";
import type { WriterLock } from "./writer-lock.ts";

/** People looked at in one transaction. */
const dueBatch = 300;
/** How often the clock is read; with it the precision of an exit. */
const tickMs = 100;
/** How often the next instant is read from the store, for what other processes have set. */
const refreshMs = 5_000;

interface TimerParts {
  database: Database;
  clock: Clock;
  logger: Logger;
  lock: WriterLock;
  memberships: MembershipStore;
  evaluator: MembershipEvaluator;
  writer: MembershipWriter;
  knownUntil: KnownUntil;
}

/**
 * Looks again at memberships when a window of theirs runs out. An exit is dated with the instant
 * itself, however late the process wakes: time is played forward from there. While events wait to
 * be taken in, it looks no further than they were accepted (see `KnownUntil`).
 */
export class WindowTimer {
  private readonly parts: TimerParts;
  private nextDueAtMs = Number.NEGATIVE_INFINITY;
  private readAt = Number.NEGATIVE_INFINITY;
  private ticking: ReturnType<typeof setInterval> | null = null;
  private running: Promise<void> = Promise.resolve();
  private isBusy = false;

  constructor(parts: TimerParts) {
    this.parts = parts;
  }

  /** Something may be due then: wakes no later. */
  noteDue(dueAtMs: number): void {
    this.nextDueAtMs = Math.min(this.nextDueAtMs, dueAtMs);
  }

  start(): void {
    this.ticking = setInterval(() => this.tick(), tickMs);
  }

  /** Ends after the batch under way. */
  async stop(): Promise<void> {
    if (this.ticking) clearInterval(this.ticking);
    this.ticking = null;
    await this.running;
  }

  private tick(): void {
    const isDue = this.nextDueAtMs <= this.parts.clock.now().getTime();
    const isStale = performance.now() - this.readAt >= refreshMs;
    if (this.isBusy || !(isDue || isStale)) return;
    this.isBusy = true;
    this.running = this.runDue()
      .then(() => undefined)
      .catch((cause: unknown) => {
        this.parts.logger.warn("windows could not be looked at; tried again", { error: cause });
      })
      .finally(() => {
        this.isBusy = false;
      });
  }

  /**
   * Looks at everything that is due now, for so long at most (the rest at the next tick); gives how
   * many memberships it looked at.
   */
  async runDue(patienceMs = 60_000): Promise<number> {
    const { database, memberships } = this.parts;
    const startedAt = performance.now();
    let seen = 0;
    while (performance.now() - startedAt < patienceMs) {
      const count = await database.transaction((transaction) => this.batch(transaction));
      seen += count;
      if (count < dueBatch) break;
    }
    this.nextDueAtMs = Number.POSITIVE_INFINITY;
    const next = await memberships.nextDueAtMs(database);
    if (next !== null) this.noteDue(next);
    this.readAt = performance.now();
    return seen;
  }

  private async batch(transaction: Transaction): Promise<number> {
    const { clock, lock, memberships, evaluator, writer, knownUntil } = this.parts;
    const nowMs = clock.now().getTime();
    const rows = await memberships.due(transaction, nowMs, 1);
    if (rows.length === 0) return 0;
    const book = await lock.take(transaction);
    const untilMs = await knownUntil.at(transaction, nowMs);
    const due = await memberships.due(transaction, untilMs, dueBatch);
    const questions: Question[] = due.map((row) => ({
      personId: row.personId,
      audience: book.byId.get(row.audienceId)!,
      fromMs: Number(row.dueAtMs),
      untilMs,
      isFromDue: true,
    }));
    const findings = await evaluator.assess(transaction, questions, () => noCause);
    await writer.write(transaction, findings, book);
    return due.length;
  }
}
