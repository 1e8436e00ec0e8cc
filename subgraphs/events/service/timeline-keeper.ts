import type { Database } from "../../../kernel/database/database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import { trimmedTopic } from "../../../kernel/streams/retention.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import { Loop, type StepOutcome } from "../../../kernel/time/loop.ts";
import type { TimelineStore } from "../store/timeline-store.ts";

const rowsPerTransactionMax = 5_000;
const pollIntervalMs = 60_000;

interface Parts {
  database: Database;
  streams: Streams;
  store: TimelineStore;
  logger: Logger;
}

/** Takes out of the timelines what retention has removed from the event log. */
export class TimelineKeeper {
  private readonly parts: Parts;
  private readonly loop: Loop;
  private readonly stopListening: () => void;
  private cleanUpTo = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    this.loop = new Loop(() => this.step(), pollIntervalMs);
    this.stopListening = parts.database.wakeUps.onWake(trimmedTopic, () => this.loop.wake());
  }

  stop(): Promise<void> {
    this.stopListening();
    return this.loop.stop();
  }

  private async step(): Promise<StepOutcome> {
    const { database, streams, store, logger } = this.parts;
    try {
      const floor = await streams.floor("events");
      if (floor <= this.cleanUpTo) return "idle";
      const removed = await database.transaction(
        (tx) => store.removeUpTo(tx, floor, rowsPerTransactionMax),
        { isBackground: true },
      );
      if (removed === rowsPerTransactionMax) return "worked";
      this.cleanUpTo = floor;
      return "idle";
    } catch (error) {
      logger.warn("timelines could not be cleaned; it will be tried again", { error });
      return "failed";
    }
  }
}
