import type { Transaction } from "../../../kernel/database/database.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { DefinitionStore } from "../store/definition-store.ts";

const patienceMsDefault = 5_000;

/**
 * Until when everything that was accepted has been taken in. A window that ends later may yet turn
 * out not to have ended: an event that waits in a stream may be of before. So the timer looks no
 * further, as long as events are coming in.
 */
export class KnownUntil {
  private readonly streams: Streams;
  private readonly definitions: DefinitionStore;
  private readonly patienceMs: number;
  private seen = { position: -1, at: 0 };

  /** After a standstill of `patienceMs` of what comes in, the clock alone counts. */
  constructor(
    streams: Streams,
    definitions: DefinitionStore,
    patienceMs: number = patienceMsDefault,
  ) {
    this.patienceMs = patienceMs;
    this.streams = streams;
    this.definitions = definitions;
  }

  /** Epoch ms, at most `nowMs`. */
  async at(transaction: Transaction, nowMs: number): Promise<number> {
    const position = await this.definitions.takenUntil(transaction);
    const [waiting] = await this.streams.read(transaction, "events", position, 1);
    if (!waiting) return nowMs;
    if (position !== this.seen.position) this.seen = { position, at: performance.now() };
    if (performance.now() - this.seen.at >= this.patienceMs) return nowMs;
    return Math.min(nowMs, waiting.at.getTime());
  }
}
