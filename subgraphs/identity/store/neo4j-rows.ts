import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import type { GraphRow } from "../../../kernel/graph/graph-database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { AccountMembership, AccountState } from "./graph-rows.ts";
import type { PersonRow } from "./identity-reader.ts";

/**
 * Projections of nodes and edges and their readers, one pair a kind. What no query asks for stands
 * together as JSON in `details`: the engine's costs are by the property.
 */
export const identifierFields = ".key, .kind, .firstSeenAt, .lastSeenAt, .seen, .generic, .details";

/**
 * Cypher: whether somebody has named the identifier `one`. Most are, once: then neither this nor when
 * last is kept.
 */
export const isSeen = (one: string) => `coalesce(${one}.seen, true)`;

/** Cypher: when `one` (an identifier, an edge) was last seen. */
export const lastSeenAt = (one: string) => `coalesce(${one}.lastSeenAt, ${one}.firstSeenAt)`;

/** `personId` stands beside it: the edge IDENTIFIES tells. */
export function toIdentifier(fields: unknown, personId: unknown): KnownIdentifier {
  const { details, ...row } = fields as GraphRow & { key: string };
  const own = { ...nameOf(row.key), personId: personId as string | null };
  return {
    ...row,
    lastSeenAt: row["lastSeenAt"] ?? row["firstSeenAt"],
    seen: row["seen"] ?? true,
    generic: row["generic"] ?? false,
    ...own,
    ...parse<object>(details),
  } as KnownIdentifier;
}

/** The namespace, in which there is no colon, and the value that a key is made of. */
export function nameOf(key: string): RawIdentifier {
  const colon = key.indexOf(":");
  return { namespace: key.slice(0, colon), value: key.slice(colon + 1) };
}

export const personFields = ".id, .createdAt, .size, .policyVersion, .details";

export function toPerson(fields: unknown): PersonState {
  const { details, ...row } = fields as GraphRow;
  return {
    ...row,
    policyVersion: row.policyVersion ?? 1,
    ...parse<object>(details),
  } as PersonState;
}

export const personRowFields = ".id, .createdAt, .details";

export function toPersonRow(fields: unknown): PersonRow {
  const { id, createdAt, details } = fields as Record<"id" | "createdAt" | "details", string>;
  return { id, createdAt, record: parse<PersonRow>(details).record };
}

/**
 * Cypher: the `edge` of a `rule` between `low` and `high`. In a subquery of its own both ends are
 * given, so the one with fewer edges is searched; a plain MATCH may walk all edges of a hub.
 */
export const edgeBetween = `
  CALL (low, high, rule) {
    MATCH (low)-[edge:SEEN_WITH {rule: rule}]->(high) RETURN edge
  }`;

/** The ends name themselves. */
export const evidenceFields =
  ".rule, .confidence, .firstSeenAt, .lastSeenAt, .details, " +
  "low: startNode(edge).key, high: endNode(edge).key";

export function toEvidence(fields: unknown): Evidence {
  const { details, ...row } = fields as Evidence & { details: string };
  const lastSeenAt = row.lastSeenAt ?? row.firstSeenAt;
  return { ...row, lastSeenAt, method: "DETERMINISTIC", ...parse<Partial<Evidence>>(details) };
}

export const sheetFields = ".id, .facts";

export function toSheet(fields: unknown): FactSheet {
  const { id, facts } = fields as Record<"id" | "facts", string>;
  const [key] = id.split("\u0001", 1) as [string];
  return { key, source: id.slice(key.length + 1), facts: parse(facts) };
}

export const accountFields = ".id, .groupId, .traits, .createdAt";

export function toAccount(fields: unknown): AccountState {
  const row = fields as GraphRow;
  return { ...row, traits: parse(row.traits) } as AccountState;
}

export const membershipFields = ".role, .source, .firstSeenAt, .lastSeenAt";

export function toMembership(fields: unknown, key: string, accountId: string): AccountMembership {
  return { key, accountId, ...(fields as Omit<AccountMembership, "key" | "accountId">) };
}

export const decisionFields = ".id, .kind, .left, .right, .madeAt, .actor, .reason";

export function toDecision(fields: unknown): Decision {
  return fields as Decision;
}

const nothingByHand = {
  redirects: [],
  actor: null,
  reason: null,
  reverts: null,
  decision: null,
};

/** The entry as it was written, without what most entries do not have. */
export function auditBody(entry: AuditEntry): string {
  const { redirects, actor, reason, reverts, decision, revertedBy: _, ...rest } = entry;
  return JSON.stringify({
    ...rest,
    ...(redirects.length > 0 && { redirects }),
    ...(actor !== null && { actor }),
    ...(reason !== null && { reason }),
    ...(reverts !== null && { reverts }),
    ...(decision && { decision }),
  });
}

/** Who reverted it came later than its body. */
export function toAuditEntry(body: unknown, revertedBy: unknown): AuditEntry {
  const written = parse<AuditEntry>(body);
  return { ...nothingByHand, ...written, revertedBy: revertedBy as string | null };
}

function parse<T>(text: unknown): T {
  return JSON.parse(text as string) as T;
}
