import { int } from "neo4j-driver";
import type { GraphRow } from "../../../kernel/graph/graph-database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { Redirect } from "./graph-rows.ts";
import { auditBody } from "./neo4j-rows.ts";

/**
 * Rows as parameters of the statements that save them; `set` are the properties as they are from
 * now on.
 */
const json = JSON.stringify;

export interface SetRow {
  /** Tells it from others of its kind. */
  id: string;
  /** Where it stands or hangs. */
  at: GraphRow;
  /** The properties as they are from now on. */
  set: GraphRow;
}

export const identifierColumns = [
  "key",
  "kind",
  "firstSeenAt",
  "lastSeenAt",
  "seen",
  "generic",
  "details",
] as const;
export const evidenceColumns = [
  "low",
  "high",
  "rule",
  "confidence",
  "firstSeenAt",
  "lastSeenAt",
  "details",
] as const;
export const sheetColumns = ["key", "id", "facts"] as const;
export const auditColumns = ["id", "kind", "revertedBy", "body", "position"] as const;

/** A row as a list: names cost both sides more than values. */
export function listOf({ at, set }: SetRow, columns: readonly string[]): unknown[] {
  return columns.map((name) => (name in set ? set[name] : at[name]));
}

export function sheetId({ key, source }: { key: string; source: string }): string {
  return `${key}\u0001${source}`;
}

/** Beside `Identifier`. */
export const kindLabels = { DEVICE: ["Device"], SESSION: ["Session"], PERSON: [], ACCOUNT: [] };

/** One that is not in the graph: its columns, then its labels. */
export function newIdentifier(identifier: KnownIdentifier): unknown[] {
  const own = listOf(identifierRow(identifier), identifierColumns);
  return [...own, kindLabels[identifier.kind]];
}

export function identifierRow(identifier: KnownIdentifier): SetRow {
  const { key, kind, personId, firstSeenAt, lastSeenAt, seen, generic, ...rest } = identifier;
  const { originId, sources, claims, genericCause } = rest;
  const details = json({ originId, sources, claims, genericCause });
  // What is as with most is missing: it costs nothing then (a tenth of a batch).
  const set = {
    key,
    kind,
    firstSeenAt,
    lastSeenAt: lastSeenAt === firstSeenAt ? null : lastSeenAt,
    seen: seen ? null : false,
    generic: generic || null,
    details,
  };
  return { id: key, at: { key, personId }, set };
}

/** As `savePersons` takes it. */
export function personList(person: PersonState): unknown[] {
  const { id, createdAt, size, policyVersion, ...rest } = person;
  const { known, tally, lastRank, conflicted, decided, record } = rest;
  const details = json({ known, tally, lastRank, conflicted, decided, record });
  return [id, createdAt, int(size), int(policyVersion), details];
}

/** A person that is no more keeps its node: the redirect. */
export function redirectRow({ from, to, createdAt }: Redirect): GraphRow {
  const nothing = { known: false, tally: {}, lastRank: "", record: {} };
  const details = json({ ...nothing, conflicted: false, decided: false });
  return { from, to, set: { createdAt, size: int(0), details } };
}

export function evidenceRow(evidence: Evidence): SetRow {
  const { low, high, rule, confidence, firstSeenAt, lastSeenAt, ...rest } = evidence;
  const { count, sources, messages, lastPosition } = rest;
  const method = rest.method === "DETERMINISTIC" ? undefined : rest.method;
  const details = json({ method, count, sources, messages, lastPosition });
  const isOnce = lastSeenAt === firstSeenAt;
  const set = { rule, confidence, firstSeenAt, lastSeenAt: isOnce ? null : lastSeenAt, details };
  return { id: evidenceKey(evidence), at: { low, high, rule }, set };
}

export function sheetRow({ key, source, facts }: FactSheet): SetRow {
  const id = sheetId({ key, source });
  return { id, at: { id, key }, set: { id, facts: json(facts) } };
}

/** Of a row of `saveAudit`: null where it is about several. */
export function onlyPersonOf(row: readonly unknown[]): string | null {
  const [id, ...others] = row[auditColumns.length] as string[];
  return id === undefined || others.length > 0 ? null : id;
}

/** As `saveAudit` takes it. */
export function auditList(entry: AuditEntry, position: number): unknown[] {
  const { id, kind, revertedBy, personIds } = entry;
  return [id, kind, revertedBy, auditBody(entry), int(position), [...new Set(personIds)]];
}
