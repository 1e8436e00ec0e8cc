import type { GraphRow } from "../../../kernel/graph/graph-database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { AccountMembership, AccountState } from "./graph-rows.ts";
import type { PersonRow } from "./identity-reader.ts";

/**
 * Projections of nodes and edges and their readers, one pair a kind; `json` marks texts that we
 * parse.
 */
export const identifierFields =
  ".key, .namespace, .kind, .originId, .firstSeenAt, .lastSeenAt, .sources, .seen, " +
  ".claims, .generic, .genericCause";

/** `personId` stands beside it: the edge IDENTIFIES tells. */
export function toIdentifier(fields: unknown, personId: unknown): KnownIdentifier {
  const { genericCause, ...row } = fields as KnownIdentifier;
  const value = row.key.slice(row.namespace.length + 1);
  const cause = genericCause ? { genericCause } : {};
  return { ...row, value, personId: personId as string | null, ...cause };
}

export const personFields =
  ".id, .createdAt, .size, .known, .tally, .lastRank, .conflicted, .decided, .policyVersion, .record";

export function toPerson(fields: unknown): PersonState {
  const row = fields as GraphRow;
  const policyVersion = row.policyVersion ?? 1;
  return {
    ...row,
    policyVersion,
    tally: parse(row.tally),
    record: parse(row.record),
  } as PersonState;
}

export const personRowFields = ".id, .createdAt, .record";

export function toPersonRow(fields: unknown): PersonRow {
  const row = fields as GraphRow;
  return { ...row, record: parse(row.record) } as PersonRow;
}

export const evidenceFields =
  ".key, .method, .confidence, .firstSeenAt, .lastSeenAt, .count, .sources, .messages, " +
  ".lastPosition";

export function toEvidence(fields: unknown): Evidence {
  const { key, messages, ...row } = fields as GraphRow;
  const [low, high, rule] = (key as string).split("\u0001");
  return { low, high, rule, ...row, messages: parse(messages) } as Evidence;
}

export const sheetFields = ".key, .source, .facts";

export function toSheet(fields: unknown): FactSheet {
  const row = fields as GraphRow;
  return { ...row, facts: parse(row.facts) } as FactSheet;
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

/** The body is the entry as it was written; who reverted it came later. */
export function toAuditEntry(body: unknown, revertedBy: unknown): AuditEntry {
  return { ...parse<AuditEntry>(body), revertedBy: revertedBy as string | null };
}

function parse<T>(text: unknown): T {
  return JSON.parse(text as string) as T;
}
