import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Redactor } from "../../../kernel/privacy/redactor.ts";

/** What is left of an event whose subject was erased: that something happened, and when. */
export function emptiedEvent(event: AcceptedEvent, messageId: string): AcceptedEvent {
  const { source, type, occurredAt, receivedAt } = event;
  return {
    ...{ messageId, source, type, name: null, occurredAt, receivedAt, identifiers: [] },
    ...{ userId: null, anonymousId: null, previousId: null, groupId: null },
    ...{ traits: {}, properties: {}, context: {} },
  };
}

/** An event of somebody else without the erased that it mentions. */
export function withoutMentions(event: AcceptedEvent, redactor: Redactor): AcceptedEvent {
  const known = (namespace: string, value: string | null) =>
    value !== null && redactor.tokenOf({ namespace, value }) !== null;
  const isKnown = (value: string | null) => known("user_id", value) || known("anonymous_id", value);
  const { identifiers, userId, anonymousId, previousId, groupId } = event;
  return {
    ...redactor.json(event),
    identifiers: redactor.json(identifiers.filter((raw) => redactor.tokenOf(raw) === null)),
    userId: known("user_id", userId) ? null : userId,
    anonymousId: known("anonymous_id", anonymousId) ? null : anonymousId,
    previousId: isKnown(previousId) ? null : previousId,
    groupId: groupId === null ? null : redactor.text(groupId),
  };
}

/**
 * The same before it was ever taken in: what was nothing but a name of the erased is left out. Its
 * token would be a newer address of somebody who has one.
 */
export function withoutNames(event: AcceptedEvent, redactor: Redactor): AcceptedEvent {
  const { traits, context, ...rest } = withoutMentions(event, redactor);
  const isName = (value: unknown) =>
    typeof value === "string" &&
    ["email", "phone"].some((namespace) => redactor.tokenOf({ namespace, value }) !== null);
  const unnamed = (given: unknown, redacted: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(redacted).filter(([name]) => !isName(recordOf(given)[name])));
  const contextTraits = Object.hasOwn(context, "traits")
    ? { traits: unnamed(event.context.traits, recordOf(context.traits)) }
    : {};
  return {
    ...rest,
    traits: unnamed(event.traits, traits),
    context: { ...context, ...contextTraits },
  };
}

/** Whether an event as it was sent (in quarantine) is about somebody erased. */
export function isAbout(raw: Record<string, unknown>, redactor: Redactor): boolean {
  const names = (namespace: string, value: unknown) =>
    (typeof value === "string" || typeof value === "number") &&
    redactor.tokenOf({ namespace, value: String(value) }) !== null;
  const context = recordOf(raw.context);
  const traits = [recordOf(raw.traits), recordOf(context.traits)];
  const externalIds = Array.isArray(context.externalIds) ? context.externalIds.map(recordOf) : [];
  return (
    names("user_id", raw.userId) ||
    names("anonymous_id", raw.anonymousId) ||
    names("user_id", raw.previousId) ||
    names("anonymous_id", raw.previousId) ||
    traits.some(({ email, phone }) => names("email", email) || names("phone", phone)) ||
    externalIds.some(({ type, id }) => typeof type === "string" && names(type, id))
  );
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
