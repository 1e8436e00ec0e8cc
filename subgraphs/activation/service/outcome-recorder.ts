import type { Transaction } from "../../../kernel/database/database.ts";
import { attemptsKeptMax } from "../domain/delivery.ts";
import { nextPauseMs } from "../domain/retry-schedule.ts";
import type { Verdict } from "../domain/send-result.ts";
import type { DueDelivery } from "../store/due-delivery.ts";
import type { Settlement } from "../store/postgres-outcome-store.ts";
import { statusChange } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** One finished attempt; `claim` is the fence it was sent under. */
export interface FinishedAttempt {
  delivery: DueDelivery;
  claim: number;
  startedAt: Date;
  durationMs: number;
  verdict: Verdict;
}

const flushAfterMs = 15;
const flushSizeMax = 500;
const retryFlushMs = 500;

interface Waiting {
  attempt: FinishedAttempt;
  settled: () => void;
}

/**
 * Writes outcomes of all lanes in sets: one transaction for what finished within a few
 * milliseconds.
 */
export class OutcomeRecorder {
  private readonly workshop: Workshop;
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> | null = null;
  private isFinishing = false;

  constructor(workshop: Workshop) {
    this.workshop = workshop;
  }

  /** Resolves when the outcome is on disk, or was found to be somebody else's to write. */
  record(attempt: FinishedAttempt): Promise<void> {
    return new Promise((settled) => {
      this.waiting.push({ attempt, settled });
      if (this.waiting.length >= flushSizeMax) this.start();
      else this.timer ??= setTimeout(() => this.start(), flushAfterMs);
    });
  }

  /**
   * Writes what is waiting; what cannot be written now is left to be repeated by another process.
   */
  async finish(): Promise<void> {
    this.isFinishing = true;
    this.start();
    await this.flushing;
  }

  private start(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.flushing ??= this.flush().finally(() => {
      this.flushing = null;
    });
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, flushSizeMax);
      try {
        const attempts = batch.map((one) => one.attempt);
        await this.workshop.database.transaction((tx) => this.write(tx, attempts));
      } catch (error) {
        this.workshop.logger.warn("outcomes could not be written; they are tried again", { error });
        if (!this.isFinishing) {
          await new Promise((resolve) => setTimeout(resolve, retryFlushMs));
          this.waiting.unshift(...batch.filter((one) => this.isStillOurs(one)));
          continue;
        }
      }
      for (const one of batch) one.settled();
    }
  }

  /** Long after its lease somebody else has repeated the attempt: its outcome is no longer ours. */
  private isStillOurs({ attempt, settled }: Waiting): boolean {
    const ageMs = this.workshop.clock.now().getTime() - attempt.startedAt.getTime();
    if (ageMs > oursMsMax) settled();
    return ageMs <= oursMsMax;
  }

  private async write(tx: Transaction, attempts: readonly FinishedAttempt[]): Promise<void> {
    const { outcomes, syncs, tellings, reconciler, clock, retry, metrics } = this.workshop;
    syncs.keep(tx);
    const now = clock.now();
    const settlements = attempts.map((attempt) => settlementOf(attempt, retry, now));
    await tellings.hold(
      tx,
      attempts.map((attempt) => attempt.delivery),
    );
    const mine = await outcomes.settle(tx, settlements, now);
    const written = attempts.filter((attempt) => mine.has(attempt.delivery.id));
    const arrived = written.filter((attempt) => attempt.verdict.next === "DONE");
    const unfinished = await outcomes.confirm(
      tx,
      arrived.map(({ delivery }) => ({ ...delivery, told: delivery.kind === "ENTERED" })),
    );
    const failed = written.filter((attempt) => attempt.verdict.next !== "DONE");
    const statuses = new Map(settlements.map((one) => [one.id, one.status]));
    await reconciler.reconcile(tx, [...unfinished, ...failed.map((attempt) => attempt.delivery)], {
      announcements: written.map(({ delivery }) =>
        statusChange(delivery, statuses.get(delivery.id)!, now),
      ),
    });
    for (const { delivery } of written) {
      const labels = { destination: delivery.destination, status: statuses.get(delivery.id)! };
      metrics.settled.inc(labels);
    }
  }
}

const oursMsMax = 10 * 60_000;

function settlementOf(attempt: FinishedAttempt, retry: Workshop["retry"], now: Date): Settlement {
  const { delivery, verdict } = attempt;
  const tries = delivery.tries + 1;
  const pause =
    verdict.next === "RETRY"
      ? nextPauseMs(retry, tries, verdict.retryAfterMs, Math.random())
      : null;
  const settledStatus = verdict.next === "DONE" ? "DELIVERED" : "DEAD";
  const number = delivery.attemptCount + 1;
  const entry = {
    number,
    startedAt: attempt.startedAt.toISOString(),
    durationMs: attempt.durationMs,
    outcome: verdict.outcome,
    httpStatus: verdict.httpStatus,
    message: verdict.message,
  };
  return {
    id: delivery.id,
    sync: delivery.sync,
    claim: attempt.claim,
    status: pause === null ? settledStatus : "RETRYING",
    dueAt: pause === null ? null : new Date(now.getTime() + pause),
    touched: delivery.touched || !verdict.certain,
    tries,
    attemptCount: number,
    attempts: [...delivery.attempts, entry].slice(-attemptsKeptMax),
  };
}
