import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
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
  /** Of the identifiers in those accounts. */
  memberships: AccountMembership[];
}

/** An organisation, named by `groupId` in group calls. */
export interface AccountState {
  id: string;
  groupId: string;
  /** The account's own facts, newest by event time: `{ name: { value, at } }`. */
  traits: Readonly<Record<string, { value: unknown; at: string }>>;
  createdAt: string;
}

/** One source named an identifier in group calls. The role it named last counts. */
export interface AccountMembership {
  key: string;
  accountId: string;
  role: string | null;
  /** Event time of the statement that named the role; omitted: `lastSeenAt`. */
  roleAt?: string | null;
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
  /** Old ids that lead to one of the persons: a split may give them back. */
  redirects: Redirect[];
}

/** Old id and the person it leads to. */
export interface Redirect {
  from: string;
  to: string;
  /** Event time of the old person's creation. */
  createdAt: string;
}

/**
 * The difference that one unit of work makes; whole rows, each id or key at most once a list.
 * Applied in the order of the fields.
 */
export interface GraphChanges {
  /**
   * New or changed, each with the person it has now (null: a recomputation in this unit will tell).
   */
  identifiers: readonly KnownIdentifier[];
  evidence: readonly Evidence[];
  sheets: readonly FactSheet[];
  /** Living persons, new or changed. One that was a redirect is a person again. */
  persons: readonly PersonState[];
  /**
   * Every identifier of `from` belongs to `to` now. `from` redirects to `to`, and so does all that
   * redirected to `from`: one hop for ever. `from` may never have been saved; `to` is final.
   */
  merges: readonly Redirect[];
  /** Old ids that lead elsewhere than before, without moving identifiers; after a split. */
  redirects: readonly Redirect[];
  accounts: readonly AccountState[];
  memberships: readonly AccountMembership[];
  audit: readonly AuditEntry[];
}

export const noChanges: GraphChanges = {
  identifiers: [],
  evidence: [],
  sheets: [],
  persons: [],
  merges: [],
  redirects: [],
  accounts: [],
  memberships: [],
  audit: [],
};
