import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";

/** Identifiers one new person brings: an anonymous id, a user id and an e-mail address. */
export const IDENTIFIERS_PER_PERSON = 3;

/** Makes accepted events, each at the next position of the stream. */
export class Sayings {
  #position = 0;

  /** Somebody logs in: `device` tells which of the person's browsers it is. */
  identify(person: number, device: string): StreamEntry {
    const userId = `user-${person}`;
    const anonymousId = `browser-${person}-${device}`;
    return this.#entry(userId, anonymousId, [
      { namespace: "user_id", value: userId },
      { namespace: "anonymous_id", value: anonymousId },
      { namespace: "email", value: `person${person}@mail.example` },
    ]);
  }

  #entry(userId: string, anonymousId: string, identifiers: RawIdentifier[]): StreamEntry {
    const position = ++this.#position;
    const at = new Date(Date.UTC(2026, 0, 1) + position * 1_000).toISOString();
    return {
      position,
      key: `bench/m${position}`,
      kind: "ACCEPTED",
      payload: {
        messageId: `m${position}`,
        source: "bench",
        type: "IDENTIFY",
        name: null,
        occurredAt: at,
        receivedAt: at,
        identifiers,
        userId,
        anonymousId,
        previousId: null,
        groupId: null,
        traits: {},
        properties: {},
        context: {},
      },
    } as StreamEntry;
  }
}
