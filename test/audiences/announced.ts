import type { AcceptedEvent, EventType } from "../../kernel/announcements/accepted-event.ts";
import type {
  IdentifierMove,
  IdentityChange,
  IdentityChangeKind,
} from "../../kernel/announcements/identity-announcements.ts";

export const causeless = { messageId: null, eventName: null, rule: null, decision: null };

/** One thing that a track, page or screen call said. */
export interface Happening {
  key: string;
  person: string;
  name: string | null;
  at?: string | Date;
  type?: EventType;
  properties?: Record<string, unknown>;
}

/** What the events subgraph appends for an accepted event. */
export function acceptedEntry(happening: Happening, serial: number, now: Date) {
  const { name, at, type = "TRACK", properties = {} } = happening;
  const payload: AcceptedEvent = {
    messageId: `message_${serial}`,
    source: "test",
    type,
    name,
    occurredAt: (at === undefined ? now : new Date(at)).toISOString(),
    receivedAt: now.toISOString(),
    identifiers: [],
    userId: null,
    anonymousId: null,
    previousId: null,
    groupId: null,
    traits: {},
    properties,
    context: {},
  };
  return { key: `test/${payload.messageId}`, kind: "ACCEPTED", payload };
}

/** An identity change; `moves` are `[key, from, to]`. */
export function identityChange(of: {
  id: string;
  kind: IdentityChangeKind;
  at: Date;
  personIds: string[];
  moves: [string, string | null, string | null][];
  redirects: { from: string; to: string }[];
}): IdentityChange {
  return {
    id: of.id,
    kind: of.kind,
    occurredAt: of.at.toISOString(),
    personIds: of.personIds,
    moves: of.moves.map(([key, from, to]): IdentifierMove => {
      const [namespace, value] = key.split(":") as [string, string];
      return { namespace, value, kind: "PERSON", from, to };
    }),
    redirects: of.redirects,
    actor: null,
    reason: null,
    reverts: null,
    cause: causeless,
  };
}
