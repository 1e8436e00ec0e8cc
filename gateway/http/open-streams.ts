import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { Authenticated } from "../authentication/authenticator.ts";
import { resultStream } from "../transport/result-stream.ts";
import type { ResultStream } from "../transport/subgraph-transport.ts";

/** Subscriptions at a time, over all clients. */
export const openStreamsMax = 20_000;

/** Every open subscription: to bound them, to end them when a key ends, and all when we stop. */
export class OpenStreams {
  private readonly streams = new Set<ResultStream>();

  get size(): number {
    return this.streams.size;
  }

  /** Throws OVERLOADED when there are too many; call before opening. */
  checkRoom(): void {
    if (this.streams.size < openStreamsMax) return;
    const message = "Too many subscriptions are open.";
    throw new DomainError("OVERLOADED", message, { retryable: true });
  }

  /** The same stream, counted, and ended with the right to read. */
  add(stream: ResultStream, authenticated: Authenticated): ResultStream {
    const counted = resultStream({
      pull: async () => {
        const { done, value } = await stream.next();
        return done ? undefined : value;
      },
      release: () => {
        stopListening();
        this.streams.delete(counted);
        void stream.return();
      },
    });
    const stopListening = authenticated.onEnd((reason) => counted.fail(reason));
    this.streams.add(counted);
    return counted;
  }

  /** Tells each client that we stop; it comes back and resumes from its cursor. */
  endAll(): void {
    const message = "The service is stopping. Resume after your last cursor.";
    for (const stream of this.streams) {
      stream.fail(new DomainError("SUBSCRIPTION_INTERRUPTED", message, { retryable: true }));
    }
  }
}
