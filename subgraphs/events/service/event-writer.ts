import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { isUnavailable } from "../../../kernel/streams/is-unavailable.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { EventLog, EventRow, WrittenKeys } from "../store/event-log.ts";
import { WritingPace } from "./writing-pace.ts";

/** What became of one row. NOT_STORABLE: the engine refuses this row and no other. */
export type RowOutcome = "ACCEPTED" | "QUARANTINED" | "DUPLICATE" | "NOT_STORABLE";

/** Bounds of the writer: a batch closes at the first that is met. */
export interface WriterLimits {
  /** How long the first event of a batch waits for others. */
  lingerMs: number;
  /** So many rows do not wait for others. */
  lingerRowsMax: number;
  batchRowsMax: number;
  batchBytesMax: number;
  /** What may wait; more is refused with OVERLOADED. */
  queueRowsMax: number;
  queueBytesMax: number;
}

export const defaultWriterLimits: WriterLimits = {
  lingerMs: 5,
  lingerRowsMax: 200,
  batchRowsMax: 1_000,
  batchBytesMax: 4 * 1024 * 1024,
  queueRowsMax: 20_000,
  queueBytesMax: 64 * 1024 * 1024,
};

interface Submission {
  rows: EventRow[];
  bytes: number;
  settle(outcomes: RowOutcome[]): void;
  fail(error: unknown): void;
}

/**
 * Writes the events of all requests in batches: one transaction, one flush to disk for many requests.
 * A promise given by `submit` is fulfilled only after the commit of its rows.
 */
export class EventWriter {
  private readonly log: EventLog;
  private readonly limits: WriterLimits;
  private readonly pace: WritingPace;
  private queue: Submission[] = [];
  private queuedRows = 0;
  private queuedBytes = 0;
  private running: Promise<void> | null = null;
  private wakeEarly: (() => void) | null = null;

  constructor(log: EventLog, clock: Clock, limits: WriterLimits = defaultWriterLimits) {
    this.log = log;
    this.limits = limits;
    this.pace = new WritingPace(clock);
  }

  /**
   * Throws OVERLOADED (retryable, with `retryAfterSeconds`) when so many rows would be refused: asked
   * before events are read, so that refusing them costs little when there is least to spare.
   */
  checkRoom(rows: number): void {
    if (!this.hasRoomFor(rows, 0)) throw this.overloaded();
  }

  /**
   * Gives one outcome per row, in order. Throws OVERLOADED (retryable) when too much waits already,
   * UNAVAILABLE (retryable) when the engine cannot be reached: then nothing of it was acknowledged,
   * and sending it again is safe (same message ids).
   */
  submit(rows: EventRow[]): Promise<RowOutcome[]> {
    if (rows.length === 0) return Promise.resolve([]);
    const bytes = rows.reduce((sum, row) => sum + row.payload.length, 0);
    if (!this.hasRoomFor(rows.length, bytes)) return Promise.reject(this.overloaded());
    return new Promise((settle, fail) => {
      this.queue.push({ rows, bytes, settle, fail });
      this.queuedRows += rows.length;
      this.queuedBytes += bytes;
      if (this.queuedRows >= this.limits.lingerRowsMax) this.wakeEarly?.();
      this.running ??= this.run().finally(() => {
        this.running = null;
      });
    });
  }

  /** Rows that wait for their turn. */
  get waitingRows(): number {
    return this.queuedRows;
  }

  /** Writes what waits at once and ends; call it after the last `submit`. */
  async stop(): Promise<void> {
    while (this.running) {
      this.wakeEarly?.();
      await this.running;
    }
  }

  private overloaded(): DomainError {
    const retryAfterSeconds = this.pace.secondsFor(this.queuedRows);
    return new DomainError("OVERLOADED", "Too many events wait to be written.", {
      retryable: true,
      details: { retryAfterSeconds },
    });
  }

  private hasRoomFor(rows: number, bytes: number): boolean {
    if (this.queuedRows === 0) return true;
    const { queueRowsMax, queueBytesMax } = this.limits;
    return this.queuedRows + rows <= queueRowsMax && this.queuedBytes + bytes <= queueBytesMax;
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      if (this.queuedRows < this.limits.lingerRowsMax) await this.linger();
      await this.flush();
    }
  }

  private linger(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.limits.lingerMs);
      this.wakeEarly = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async flush(): Promise<void> {
    const batch = this.takeBatch();
    const rows = batch.flatMap((submission) => submission.rows);
    try {
      const written = await this.pace.measure(rows.length, () => this.log.write(rows));
      for (const submission of batch) submission.settle(outcomesOf(submission.rows, written));
    } catch (error) {
      await this.recover(batch, error);
    }
  }

  private takeBatch(): Submission[] {
    const { batchRowsMax, batchBytesMax } = this.limits;
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const submission of this.queue) {
      if (count > 0 && (rows >= batchRowsMax || bytes + submission.bytes > batchBytesMax)) break;
      rows += submission.rows.length;
      bytes += submission.bytes;
      count += 1;
    }
    this.queuedRows -= rows;
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }

  /** A statement that fails on one row must not take the others with it. */
  private async recover(batch: Submission[], error: unknown): Promise<void> {
    for (const submission of batch) {
      if (!isRefusalOfRow(error)) {
        submission.fail(unavailable(error));
        continue;
      }
      await this.writeApart(submission.rows).then(submission.settle, (failure) =>
        submission.fail(unavailable(failure)),
      );
    }
  }

  /** Halves the rows until the one that is refused stands alone. */
  private async writeApart(rows: EventRow[]): Promise<RowOutcome[]> {
    try {
      return outcomesOf(rows, await this.log.write(rows));
    } catch (error) {
      if (!isRefusalOfRow(error)) throw error;
      if (rows.length === 1) return ["NOT_STORABLE"];
      const middle = rows.length >> 1;
      const first = await this.writeApart(rows.slice(0, middle));
      return [...first, ...(await this.writeApart(rows.slice(middle)))];
    }
  }
}

/** Of rows with one key and one end the first is new. Takes the keys out of `written`. */
function outcomesOf(rows: EventRow[], written: WrittenKeys): RowOutcome[] {
  return rows.map((row) => {
    if (row.quarantine === null) return written.accepted.delete(row.key) ? "ACCEPTED" : "DUPLICATE";
    return written.quarantined.delete(row.key) ? "QUARANTINED" : "DUPLICATE";
  });
}

/** SQLSTATE 22: data the engine cannot hold; 23 and 54: its constraints and limits. */
function isRefusalOfRow(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" && /^(22|23|54)...$/.test(code);
}

function unavailable(error: unknown): unknown {
  if (error instanceof DomainError || !isUnavailable(error)) return error;
  return new DomainError("UNAVAILABLE", "Events cannot be written at the moment.", {
    retryable: true,
    cause: error,
  });
}
