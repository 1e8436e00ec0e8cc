import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/golden-record.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";

/** What a batch of observations touches; each list without repeats, at most 20,000 long. */
export interface GraphRequest {
  identifierKeys: readonly string[];
  evidence: readonly { low: string; high: string; rule: string }[];
  sheets: readonly { key: string; source: string }[];
  groupIds: readonly string[];
}

/** What is known of it; what is missing is new. Persons are those of the identifiers. */
export interface GraphExcerpt {
  identifiers: KnownIdentifier[];
  persons: PersonState[];
  evidence: Evidence[];
  sheets: FactSheet[];
  accounts: AccountState[];
}

/** An organisation, named by `groupId` in group calls. */
export interface AccountState {
  id: string;
  groupId: string;
  /** The account's own facts, newest by event time: `{ name: { value, at } }`. */
  traits: Readonly<Record<string, { value: unknown; at: string }>>;
  createdAt: string;
}

/** An identifier was named in a group call. Newest `lastSeenAt` decides the role. */
export interface AccountMembership {
  key: string;
  accountId: string;
  role: string | null;
  source: string;
  firstSeenAt: string;
  lastSeenAt: string;
}

/** Whole components: every identifier and all evidence among them, and what hangs on them. */
export interface GraphComponent {
  identifiers: KnownIdentifier[];
  evidence: Evidence[];
  /** Decisions in force that name one of the identifiers. */
  decisions: Decision[];
  persons: PersonState[];
  sheets: FactSheet[];
  /** Old ids that redirect to one of the persons, with their creation: a split may give them back. */
  redirects: { id: string; survivorId: string; createdAt: string }[];
}

/** The difference that one unit of work makes; whole rows, each id or key at most once a list. */
export interface GraphChanges {
  /** New or changed, `personId` included; does not speak of `createdIdentifiers`' rows otherwise. */
  identifiers: readonly KnownIdentifier[];
  evidence: readonly Evidence[];
  sheets: readonly FactSheet[];
  persons: readonly PersonState[];
  /**
   * Every identifier of `from` belongs to `to` now; applied after `identifiers`. `from` redirects to `to`, and so does
   * what redirected to `from`: one hop for ever.
   */
  mergedPersons: readonly { from: string; to: string }[];
  /** Ids that are persons again (rows in `persons`): their redirect ends. */
  restoredPersonIds: readonly string[];
  accounts: readonly AccountState[];
  memberships: readonly AccountMembership[];
  audit: readonly AuditEntry[];
}
