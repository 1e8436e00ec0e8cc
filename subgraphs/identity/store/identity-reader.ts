import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { GoldenRecord } from "../domain/golden-record.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { IdentifierKind } from "../domain/identity-policy.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { AccountState, GraphComponent } from "./graph-rows.ts";
import type { OrganisationReader } from "./organisation-reader.ts";

export interface PersonRow {
  id: string;
  createdAt: string;
  record: GoldenRecord;
}

/**
 * A stretch of a list: at most `limit` rows behind the row `after` (its sort key; null: from the
 * start).
 */
export interface Page {
  limit: number;
  after: string | null;
}

/** A device beside one of a person's identifiers: the person used it. */
export interface DeviceUse {
  personId: string;
  device: KnownIdentifier;
  firstSeenAt: string;
  lastSeenAt: string;
  confidence: number;
  /** First use by somebody else after this person's last one; null: nobody since. */
  takenOverAt: string | null;
}

export interface PersonListing {
  /** Keys of identifiers, any of which the person has; null: any. */
  identifierKeys: readonly string[] | null;
  /** Persons with an identifier of the namespace; null: any. */
  namespace: string | null;
  createdFrom: string | null;
  createdBefore: string | null;
}

export interface AuditListing {
  personId: string | null;
  kinds: readonly string[] | null;
}

/**
 * Questions about the graph, outside of any unit of work. Batched by the ids handed in (at most
 * 500).
 */
export interface IdentityReader {
  /** By id asked for; a merged id answers with its survivor. */
  persons(ids: readonly string[]): Promise<Map<string, PersonRow>>;
  /** Person id by identifier key. */
  personIdsOf(keys: readonly string[]): Promise<Map<string, string>>;
  /** Ids that redirect to the persons, by survivor. */
  redirectsTo(personIds: readonly string[]): Promise<Map<string, string[]>>;
  /**
   * Seen identifiers of each person, PERSON before DEVICE before SESSION, then first seen, then
   * key; `after` is the place (offset as text) behind which the page begins.
   */
  identifiers(
    personIds: readonly string[],
    kinds: readonly IdentifierKind[],
    page: Page,
  ): Promise<Map<string, { identifiers: KnownIdentifier[]; totalCount: number }>>;
  /** Seen identifiers of some namespaces, by person, in the same order; at most `limit` each. */
  namesOf(
    personIds: readonly string[],
    namespaces: readonly string[],
    limit: number,
  ): Promise<Map<string, RawIdentifier[]>>;
  /** As `IdentityGraph.identifiersOfPersons`: all there are, unseen ones too. */
  identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]>;
  /** Evidence among the identifiers of one person, at most `edgesMax` a person. */
  evidenceWithin(personIds: readonly string[], edgesMax: number): Promise<Map<string, Evidence[]>>;
  /** Devices by person, latest use first, at most `limit` each. */
  devices(personIds: readonly string[], limit: number): Promise<Map<string, DeviceUse[]>>;
  readonly organisations: OrganisationReader;
  accounts(ids: readonly string[]): Promise<Map<string, AccountState>>;
  identifiersByKey(keys: readonly string[]): Promise<Map<string, KnownIdentifier>>;
  /** Fact sheets by identifier key; of any number of keys. */
  sheetsOf(keys: readonly string[]): Promise<Map<string, FactSheet[]>>;
  /** Persons by id ascending, at most `page.limit`, ids behind `page.after`. */
  listPersons(listing: PersonListing, page: Page): Promise<PersonRow[]>;
  /** Newest first; `after` is the sort key of the last entry seen. */
  listAudit(listing: AuditListing, page: Page): Promise<{ entry: AuditEntry; sortKey: string }[]>;
  auditEntries(ids: readonly string[]): Promise<Map<string, AuditEntry>>;
  /** Decisions that name one of the identifiers, those that were taken back too. */
  decisionsOn(keys: readonly string[]): Promise<{ decision: Decision; inForce: boolean }[]>;
  /** As `IdentityGraph.loadComponents`, for explanations. */
  components(seedKeys: readonly string[], edgesMax: number): Promise<GraphComponent | null>;
}
