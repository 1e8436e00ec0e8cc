import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";

/** An accepted event, with its place in the stream and when it was accepted. */
export interface ReadEvent {
  position: number;
  at: Date;
  event: AcceptedEvent;
}

/** Gives the accepted events of a range of positions, both included, ascending, in pages. */
export type ReadEvents = (
  transaction: Transaction,
  from: number,
  to: number,
) => AsyncIterable<ReadEvent[]>;

/** Events read at a time: what one statement writes, and what is in memory. */
const pageEvents = 500;

/** Reads accepted events from stream `events`. What retention has removed is not there any more. */
export function eventsFrom(streams: Streams): ReadEvents {
  return async function* readEvents(transaction: Transaction, from: number, to: number) {
    let after = from - 1;
    while (after < to) {
      const limit = Math.min(pageEvents, to - after);
      const entries = await streams.read(transaction, "events", after, limit);
      const page = entries.filter((entry) => entry.position <= to);
      if (page.length > 0) {
        yield page.map(({ position, at, payload }) => ({
          ...{ position, at },
          event: payload as AcceptedEvent,
        }));
      }
      if (entries.length < limit) return;
      after = entries.at(-1)!.position;
    }
  };
}
