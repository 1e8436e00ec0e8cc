import type { Row } from "../../../kernel/database/database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { Evidence, EvidenceMessage, EvidenceMethod } from "../domain/evidence.ts";
import type { GoldenRecord } from "../domain/golden-record.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { IdentifierKind } from "../domain/identity-policy.ts";
import type { GenericCause, KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { AccountState } from "./graph-rows.ts";
import type { PersonRow } from "./identity-reader.ts";

/** Columns and their readers, one pair a table; a reader is given rows of exactly those columns. */
export const identifierColumns =
  "i.key, i.namespace, i.value, i.kind, i.person_id, i.origin_id, i.first_seen_at, " +
  "i.last_seen_at, i.sources, i.seen, i.claims, i.generic, i.generic_cause";

export function toIdentifier(row: Row): KnownIdentifier {
  return {
    key: row.key as string,
    namespace: row.namespace as string,
    value: row.value as string,
    kind: row.kind as IdentifierKind,
    personId: row.person_id as string | null,
    originId: row.origin_id as string | null,
    firstSeenAt: row.first_seen_at as string,
    lastSeenAt: row.last_seen_at as string,
    sources: parse<string[]>(row.sources),
    seen: row.seen as boolean,
    claims: row.claims as number,
    generic: row.generic as boolean,
    ...causeOf(row.generic_cause),
  };
}

export const personColumns =
  "p.id, p.created_at, p.size, p.known, p.tally, p.last_rank, p.conflicted, p.decided, " +
  "p.policy_version, p.record";

export function toPerson(row: Row): PersonState {
  return {
    id: row.id as string,
    createdAt: row.created_at as string,
    size: row.size as number,
    known: row.known as boolean,
    tally: parse<Record<string, number>>(row.tally),
    lastRank: row.last_rank as string,
    conflicted: row.conflicted as boolean,
    decided: row.decided as boolean,
    policyVersion: row.policy_version as number,
    record: parse<GoldenRecord>(row.record),
  };
}

export const evidenceColumns =
  "e.low_key, e.high_key, e.rule, e.method, e.confidence, e.first_seen_at, e.last_seen_at, " +
  "e.count, e.sources, e.messages, e.last_position";

export function toEvidence(row: Row): Evidence {
  return {
    low: row.low_key as string,
    high: row.high_key as string,
    rule: row.rule as string,
    method: row.method as EvidenceMethod,
    confidence: row.confidence as number,
    firstSeenAt: row.first_seen_at as string,
    lastSeenAt: row.last_seen_at as string,
    count: row.count as number,
    sources: parse<string[]>(row.sources),
    messages: parse<EvidenceMessage[]>(row.messages),
    lastPosition: row.last_position as number,
  };
}

export function toSheet(row: Row): FactSheet {
  return {
    key: row.key as string,
    source: row.source as string,
    facts: parse<FactSheet["facts"]>(row.facts),
  };
}

export const accountColumns = "a.id, a.group_id, a.traits, a.created_at";

export function toAccount(row: Row): AccountState {
  return {
    id: row.id as string,
    groupId: row.group_id as string,
    traits: parse<AccountState["traits"]>(row.traits),
    createdAt: row.created_at as string,
  };
}

export const decisionColumns =
  "d.id, d.kind, d.left_keys, d.right_keys, d.made_at, d.actor, d.reason";

export function toDecision(row: Row): Decision {
  return {
    id: row.id as string,
    kind: row.kind as Decision["kind"],
    left: row.left_keys as string[],
    right: row.right_keys as string[],
    madeAt: row.made_at as string,
    actor: row.actor as string,
    reason: row.reason as string,
  };
}

/** The body is the entry as it was written; who reverted it came later. */
export function toAuditEntry(row: Row): AuditEntry {
  const entry = parse<AuditEntry>(row.body);
  return { ...entry, revertedBy: row.reverted_by as string | null };
}

export function toPersonRow(row: Row): PersonRow {
  return {
    id: row.id as string,
    createdAt: row.created_at as string,
    record: parse<GoldenRecord>(row.record),
  };
}

/** The rows' values by key, in the order of the rows. */
export function grouped<R, V>(
  found: readonly R[],
  keyOf: (row: R) => string,
  valueOf: (row: R) => V,
): Map<string, V[]> {
  const result = new Map<string, V[]>();
  for (const row of found) {
    const values = result.get(keyOf(row));
    if (values) values.push(valueOf(row));
    else result.set(keyOf(row), [valueOf(row)]);
  }
  return result;
}

function causeOf(cause: unknown): Pick<KnownIdentifier, "genericCause"> {
  return cause === null ? {} : { genericCause: cause as GenericCause };
}

function parse<T>(text: unknown): T {
  return JSON.parse(text as string) as T;
}
