import type { AuditEntry } from "../../subgraphs/identity/domain/audit-entry.ts";
import type { Decision } from "../../subgraphs/identity/domain/decision.ts";
import type { Evidence } from "../../subgraphs/identity/domain/evidence.ts";
import type { KnownIdentifier, PersonState } from "../../subgraphs/identity/domain/person-state.ts";
import { unique } from "./identity-world.ts";

export const dayOne = "2026-01-01T00:00:00.000Z";
export const dayTwo = "2026-01-02T00:00:00.000Z";
export const dayThree = "2026-01-03T00:00:00.000Z";

/** Rows as the port takes them; each test makes its own. */
export function person(over: Partial<PersonState> = {}): PersonState {
  return {
    id: unique("person_"),
    createdAt: dayOne,
    record: {},
    size: 1,
    known: true,
    tally: {},
    lastRank: "",
    conflicted: false,
    decided: false,
    policyVersion: 1,
    ...over,
  };
}

export function identifier(
  namespace: string,
  personId: string | null,
  over: Partial<KnownIdentifier> = {},
): KnownIdentifier {
  const value = over.value ?? unique(namespace);
  return {
    key: `${namespace}:${value}`,
    namespace,
    value,
    kind: namespace === "anonymous_id" ? "DEVICE" : "PERSON",
    personId,
    originId: personId,
    firstSeenAt: dayOne,
    lastSeenAt: dayOne,
    sources: ["web"],
    seen: true,
    claims: 0,
    generic: false,
    ...over,
  };
}

export function tie(
  a: KnownIdentifier,
  b: KnownIdentifier,
  over: Partial<Evidence> = {},
): Evidence {
  const [low, high] = a.key < b.key ? [a.key, b.key] : [b.key, a.key];
  return {
    low,
    high,
    rule: "same_event",
    method: "DETERMINISTIC",
    confidence: 0.99,
    firstSeenAt: dayOne,
    lastSeenAt: dayTwo,
    count: 2,
    sources: ["crm", "web"],
    messages: [{ at: dayOne, messageId: "m-1" }],
    lastPosition: 7,
    ...over,
  };
}

export function auditOf(personIds: string[], over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: unique("change_"),
    kind: "MERGE",
    occurredAt: dayOne,
    personIds,
    moves: [],
    redirects: [],
    actor: null,
    reason: null,
    reverts: null,
    revertedBy: null,
    decision: null,
    cause: { messageId: "m-1", eventName: "identify", rule: "same_event", decision: null },
    ...over,
  };
}

export function mustLink(left: string[], over: Partial<Decision> = {}): Decision {
  return {
    id: unique("decision_"),
    kind: "MUST_LINK",
    left,
    right: [],
    madeAt: dayTwo,
    actor: "key_test",
    reason: "Same customer",
    ...over,
  };
}
