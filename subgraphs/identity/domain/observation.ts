import { type AcceptedEvent, calledEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { ChangeCause } from "../../../kernel/announcements/identity-announcements.ts";
import { type Evidence, evidenceRules, pairOf } from "./evidence.ts";
import type { IdentifierKind, PolicyIndex } from "./identity-policy.ts";
import { readGroupId } from "./organisation.ts";
import type { DropReason, Identifier, IdentifierReader } from "./normalise-identifier.ts";

/** What one event says about who is who. */
export interface Observation {
  /** In stream `events`. */
  position: number;
  source: string;
  /** Event time. */
  at: string;
  cause: ChangeCause;
  /** Strongest first: persons before devices before sessions, then by priority. */
  identifiers: readonly Identifier[];
  /** Keys that are only claimed to exist: the previous ids of an alias. */
  claimed: ReadonlySet<string>;
  /** On which the event's facts hang; null when it names nobody. */
  subject: Identifier | null;
  /** Ties of the strongest identifier to each other one. */
  ties: readonly Evidence[];
  /** About the person. */
  traits: Readonly<Record<string, unknown>>;
  group: GroupStatement | null;
  dropped: readonly { namespace: string; reason: DropReason }[];
}

/** A `group` call: the person belongs to the account. */
export interface GroupStatement {
  groupId: string;
  role: string | null;
  /** About the account. */
  traits: Readonly<Record<string, unknown>>;
}

const kindRanks: Record<IdentifierKind, number> = { PERSON: 0, DEVICE: 1, SESSION: 2, ACCOUNT: 3 };

/** Orders identifiers by how well they stand for a person: kind, then priority. */
export function compareStrength(a: Identifier, b: Identifier, index: PolicyIndex): number {
  const priority = (namespace: string) => index.namespaces.get(namespace)?.priority ?? 0;
  return kindRanks[a.kind] - kindRanks[b.kind] || priority(a.namespace) - priority(b.namespace);
}

/** Reads an accepted event. Pure; what takes no part in resolution stands in `dropped`. */
export function observe(
  event: AcceptedEvent,
  position: number,
  reader: IdentifierReader,
  index: PolicyIndex,
): Observation {
  const dropped: { namespace: string; reason: DropReason }[] = [];
  const byKey = new Map<string, Identifier>();
  for (const raw of event.identifiers) {
    const { identifier, dropped: reason } = reader.read(raw);
    if (reason) dropped.push({ namespace: raw.namespace, reason });
    // An account is no person and joins none.
    else if (identifier.kind !== "ACCOUNT") byKey.set(identifier.key, identifier);
  }
  const identifiers = [...byKey.values()].sort((a, b) => compareStrength(a, b, index));
  const claimed = claimedKeys(event, reader);
  return {
    position,
    source: event.source,
    at: event.occurredAt,
    cause: causeOf(event),
    identifiers,
    claimed,
    subject: subjectOf(identifiers, claimed),
    ties: tiesOf(event, position, identifiers, claimed, index),
    traits: personTraits(event),
    group: groupStatement(event),
    dropped,
  };
}

function causeOf(event: AcceptedEvent): ChangeCause {
  return {
    messageId: event.messageId,
    eventName: calledEvent(event),
    rule: null,
    decision: null,
  };
}

function claimedKeys(event: AcceptedEvent, reader: IdentifierReader): Set<string> {
  if (event.type !== "ALIAS" || event.previousId === null) return new Set();
  const { previousId, userId, anonymousId } = event;
  const keysOf = (user: string | null, device: string | null) =>
    [
      { namespace: "user_id", value: user },
      { namespace: "anonymous_id", value: device },
    ].flatMap(({ namespace, value }) =>
      value === null ? [] : (reader.read({ namespace, value }).identifier?.key ?? []),
    );
  const own = keysOf(userId, anonymousId);
  return new Set(keysOf(previousId, previousId).filter((key) => !own.includes(key)));
}

/** user_id, else anonymous_id, else the strongest. */
function subjectOf(
  identifiers: readonly Identifier[],
  claimed: ReadonlySet<string>,
): Identifier | null {
  const own = identifiers.filter(({ key }) => !claimed.has(key));
  const candidates = own.length > 0 ? own : identifiers;
  return (
    candidates.find(({ namespace }) => namespace === "user_id") ??
    candidates.find(({ namespace }) => namespace === "anonymous_id") ??
    candidates[0] ??
    null
  );
}

function tiesOf(
  event: AcceptedEvent,
  position: number,
  identifiers: readonly Identifier[],
  claimed: ReadonlySet<string>,
  index: PolicyIndex,
): Evidence[] {
  const centre = identifiers.find(({ key }) => !claimed.has(key)) ?? identifiers[0];
  if (!centre) return [];
  const sure = (identifier: Identifier) => index.namespaces.get(identifier.namespace)!.confidence;
  return identifiers
    .filter((identifier) => identifier !== centre)
    .map((identifier) => ({
      ...pairOf(centre, identifier),
      rule: claimed.has(identifier.key) ? evidenceRules.alias : evidenceRules.seenTogether,
      method: "DETERMINISTIC",
      confidence: Math.min(sure(centre), sure(identifier)),
      firstSeenAt: event.occurredAt,
      lastSeenAt: event.occurredAt,
      count: 1,
      sources: [event.source],
      messages: [{ at: event.occurredAt, messageId: event.messageId }],
      lastPosition: position,
    }));
}

function personTraits(event: AcceptedEvent): Record<string, unknown> {
  if (event.type !== "GROUP") return event.traits;
  const traits = event.context.traits;
  return isRecord(traits) ? traits : {};
}

function groupStatement(event: AcceptedEvent): GroupStatement | null {
  const groupId = readGroupId(event.groupId);
  if (event.type !== "GROUP" || groupId === null) return null;
  const { role } = event.traits;
  return { groupId, role: typeof role === "string" ? role : null, traits: event.traits };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
