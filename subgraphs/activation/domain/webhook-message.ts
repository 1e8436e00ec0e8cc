import type { MessageKind } from "./delivery.ts";

/** A person as a destination sees it: the id, and what the sync names. */
export interface MessagePerson {
  id: string;
  identifiers: { namespace: string; value: string }[];
  traits: Record<string, unknown>;
}

export interface WebhookMessage {
  kind: MessageKind;
  /** When what it tells became so: the same on every repetition. ISO 8601. */
  occurredAt: string;
  person: MessagePerson;
  audience: { name: string; version: number | null } | null;
  deliveryId: string;
}

const wireTypes: Record<MessageKind, string> = {
  ENTERED: "audience.entered",
  EXITED: "audience.exited",
  PROFILE: "profile.changed",
};

/** The type a receiver reads in the body. */
export function wireType(kind: MessageKind): string {
  return wireTypes[kind];
}

/**
 * The body of a webhook, exactly as the public contract states it. `audience` only where there is
 * one.
 */
export function webhookBody(message: WebhookMessage): string {
  const data: Record<string, unknown> = { person: message.person };
  if (message.audience) data["audience"] = message.audience;
  data["deliveryId"] = message.deliveryId;
  return JSON.stringify({
    type: wireTypes[message.kind],
    timestamp: message.occurredAt,
    data,
  });
}
