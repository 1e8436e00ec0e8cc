import { int } from "neo4j-driver";
import type { GraphRow } from "../../../kernel/graph/graph-database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { Redirect } from "./graph-rows.ts";

/**
 * Rows as parameters of the statements that save them; `set` are the properties as they are from
 * now on.
 */
const json = JSON.stringify;

export interface SetRow extends GraphRow {
  set: GraphRow;
}

export function sheetId({ key, source }: { key: string; source: string }): string {
  return `${key}\u0001${source}`;
}

export function evidenceId(evidence: { low: string; high: string; rule: string }): string {
  return evidenceKey(evidence);
}

export function identifierRow(identifier: KnownIdentifier): SetRow {
  const { personId, claims, genericCause = null, ...rest } = identifier;
  return { key: rest.key, personId, set: { ...rest, claims: int(claims), genericCause } };
}

export function personRow(person: PersonState): GraphRow {
  const { id, createdAt, size, known, tally, lastRank, conflicted, decided, record } = person;
  const policyVersion = int(person.policyVersion);
  const texts = { tally: json(tally), record: json(record) };
  return {
    id,
    set: {
      createdAt,
      size: int(size),
      known,
      lastRank,
      conflicted,
      decided,
      policyVersion,
      ...texts,
    },
  };
}

/** A person that is no more keeps its node: the redirect. */
export function redirectRow({ from, to, createdAt }: Redirect): GraphRow {
  const nothing = { size: int(0), known: false, tally: "{}", lastRank: "", record: "{}" };
  return { from, to, set: { createdAt, ...nothing, conflicted: false, decided: false } };
}

/** The edge has no copy of the ends: its key names them. */
export function evidenceRow(evidence: Evidence): SetRow {
  const { low, high, count, lastPosition, messages, ...rest } = evidence;
  const key = evidenceId(evidence);
  const numbers = { count: int(count), lastPosition: int(lastPosition) };
  return { key, low, high, set: { key, ...rest, ...numbers, messages: json(messages) } };
}

export function sheetRow({ key, source, facts }: FactSheet): SetRow {
  const id = sheetId({ key, source });
  return { id, key, set: { id, key, source, facts: json(facts) } };
}

export function auditRow(entry: AuditEntry, position: number): GraphRow {
  const { id, kind, occurredAt, actor, revertedBy } = entry;
  return {
    set: {
      id,
      kind,
      occurredAt,
      actor,
      revertedBy,
      body: json(entry),
      position: int(position),
    },
    position: int(position),
    personIds: [...new Set(entry.personIds)],
  };
}
