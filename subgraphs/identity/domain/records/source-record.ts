import type { RawIdentifier } from "../../../../kernel/announcements/accepted-event.ts";
import { identifierKey } from "../../../../kernel/announcements/identity-announcements.ts";
import type { Identifier } from "../normalise-identifier.ts";

/** What a source's entry about a person is to that source. */
export const recordKinds = [
  "USER",
  "LEAD",
  "CONTACT",
  "LEARNER",
  "MEMBER",
  "CUSTOMER",
  "SUBSCRIPTION",
  "SUBSCRIBER",
  "EMPLOYEE",
  "PERSON",
  "OTHER",
] as const;
export type RecordKind = (typeof recordKinds)[number];

/** Where a record stands: no two of a house share it. */
export interface RecordPlace {
  source: string;
  kind: string;
  key: string;
}

/** One source's own entry about a person, as it was at one instant. */
export interface SourceRecord {
  source: string;
  kind: RecordKind;
  key: string;
  /** ISO 8601 in UTC. */
  observedAt: string;
  identifiers: readonly RawIdentifier[];
  attributes: Readonly<Record<string, unknown>>;
}

/** The namespace under which a record is an identifier of its own. */
export const recordNamespace = "record";

/** How a record is named among all of a house: `crm/CONTACT/003X`. */
export function recordName({ source, kind, key }: RecordPlace): string {
  return `${source}/${kind}/${key}`;
}

/** The record as an identifier. */
export function recordIdentifier(name: string): Identifier {
  const identifier = { namespace: recordNamespace, value: name };
  return { key: identifierKey(identifier), ...identifier, kind: "PERSON" };
}

/** The name of the record that a key stands for; null when it is no record's. */
export function recordNameOf(identifierKey: string): string | null {
  const lead = `${recordNamespace}:`;
  return identifierKey.startsWith(lead) ? identifierKey.slice(lead.length) : null;
}
