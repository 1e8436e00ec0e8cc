import type { Evidence } from "../domain/evidence.ts";
import type { NamespaceUse } from "../domain/policy-change.ts";

/** An identifier as a pass over all of them sees it. */
export interface ScannedIdentifier {
  key: string;
  personId: string | null;
  /** Policy that the person's group was made under; null: it is nobody's. */
  policyVersion: number | null;
  generic: boolean;
}

/** Passes over the whole graph, a page at a time, outside of any unit of work. */
export interface GraphScan {
  /** Identifiers behind a key, ascending. */
  identifiers(afterKey: string, limit: number): Promise<ScannedIdentifier[]>;
  /** Keys of generic identifiers behind a key, ascending. */
  genericKeys(afterKey: string, limit: number): Promise<string[]>;
  /** Living persons behind an id, ascending. */
  personIds(afterId: string, limit: number): Promise<string[]>;
  /** Persons whose group has to be made anew, whatever the policy; at most `limit`. */
  unsettled(limit: number): Promise<string[]>;
  /** Keys of a person's identifiers behind a key, ascending. */
  keysOf(personId: string, afterKey: string, limit: number): Promise<string[]>;
  /** Those of a person's identifiers that are no generic values and have most evidence. */
  busiest(personId: string, limit: number): Promise<string[]>;
  /** Evidence at an identifier, at most `limit`. */
  evidenceAt(key: string, limit: number): Promise<Evidence[]>;
  countIdentifiers(): Promise<number>;
  countPersons(): Promise<number>;
  namespaceUse(namespace: string): Promise<NamespaceUse>;
}
