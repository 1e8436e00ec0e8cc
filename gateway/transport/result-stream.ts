import type { ResultStream } from "./subgraph-transport.ts";

/** What a stream is made of. */
export interface StreamSource<R> {
  /** The next result, or undefined at the end. Never called twice at a time. */
  pull(): Promise<R | undefined>;
  /** Lets go of what is upstream. Called once, however the stream ends. */
  release(): void;
}

interface Waiting<R> {
  resolve(result: IteratorResult<R>): void;
  reject(error: unknown): void;
}

/**
 * A ResultStream of a source. `return` and `fail` settle a waiting `next` at once (a native generator
 * would wait for a result that may never come), and a stream of months keeps nothing of what has passed.
 */
export class PulledStream<R> implements ResultStream<R> {
  private readonly source: StreamSource<R>;
  private ended = false;
  private failure: { error: unknown } | null = null;
  private waiting: Waiting<R> | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(source: StreamSource<R>) {
    this.source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Concurrent calls are answered in order. */
  next(): Promise<IteratorResult<R>> {
    const result = this.last.then(() => this.pullOne());
    this.last = result.catch(() => undefined);
    return result;
  }

  async return(): Promise<IteratorResult<R>> {
    this.end();
    return done;
  }

  fail(error: unknown): void {
    if (this.ended) return;
    const { waiting } = this;
    this.waiting = null;
    if (waiting) waiting.reject(error);
    else this.failure = { error };
    this.end();
  }

  private pullOne(): Promise<IteratorResult<R>> {
    return new Promise((resolve, reject) => {
      const { failure } = this;
      this.failure = null;
      if (failure) return reject(failure.error);
      if (this.ended) return resolve(done);
      this.waiting = { resolve, reject };
      this.source.pull().then(
        (value) => this.settle(value),
        (error) => this.fail(error),
      );
    });
  }

  private settle(value: R | undefined): void {
    if (this.ended) return;
    if (value === undefined) {
      this.end();
      return;
    }
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve({ done: false, value });
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.waiting?.resolve(done);
    this.waiting = null;
    this.source.release();
  }
}

const done: IteratorResult<never> = { done: true, value: undefined };

export function resultStream<R>(source: StreamSource<R>): PulledStream<R> {
  return new PulledStream(source);
}
