import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { Authenticated } from "../authentication/authenticator.ts";
import { resultStream } from "../transport/result-stream.ts";
import type { ResultStream } from "../transport/subgraph-transport.ts";

/** Subscriptions at a time, over all clients. */
const openStreamsMax = 20_000;
/** Of one key or person: nobody takes all the room. */
const openStreamsPerPrincipalMax = 5_000;

/** Every open subscription: to bound them, to end them when a key ends, and all when we stop. */
export class OpenStreams {
  private readonly streams = new Set<ResultStream>();
  private readonly counts = new Map<string, number>();

  get size(): number {
    return this.streams.size;
  }

  /** Throws OVERLOADED when there are too many, at all or of this one; call before opening. */
  checkRoom({ principal }: Authenticated): void {
    if (this.streams.size >= openStreamsMax) throw overloaded("Too many subscriptions are open.");
    if ((this.counts.get(principal.id) ?? 0) < openStreamsPerPrincipalMax) return;
    throw overloaded(
      `You have ${openStreamsPerPrincipalMax} subscriptions open, as many as may be.`,
    );
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
        this.count(authenticated.principal.id, -1);
        void stream.return();
      },
    });
    const stopListening = authenticated.onEnd((reason) => counted.fail(reason));
    this.streams.add(counted);
    this.count(authenticated.principal.id, 1);
    return counted;
  }

  /** Tells each client that we stop; it comes back and resumes from its cursor. */
  endAll(): void {
    const message = "The service is stopping. Resume after your last cursor.";
    for (const stream of this.streams) {
      stream.fail(new DomainError("SUBSCRIPTION_INTERRUPTED", message, { retryable: true }));
    }
  }

  private count(principalId: string, change: 1 | -1): void {
    const count = (this.counts.get(principalId) ?? 0) + change;
    if (count > 0) this.counts.set(principalId, count);
    else this.counts.delete(principalId);
  }
}

function overloaded(message: string): DomainError {
  return new DomainError("OVERLOADED", message, { retryable: true });
}
