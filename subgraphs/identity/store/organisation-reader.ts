import type { AccountMembership, AccountState } from "./graph-rows.ts";

/** Accounts that one answer names, at most. */
export const accountsPerAnswerMax = 500;

/** An account with what sources say of one person's membership, latest first. */
export interface AccountStatements {
  account: AccountState;
  statements: AccountMembership[];
}

/** Questions about accounts; batched by what is handed in (at most 500). */
export interface OrganisationReader {
  /**
   * By person: what each source says of each identifier's membership, by account; the account that
   * was stated last first. At most `limit` statements a person.
   */
  statementsOf(
    personIds: readonly string[],
    limit: number,
  ): Promise<Map<string, AccountStatements[]>>;
  /** Accounts by `groupId`. */
  byGroupId(groupIds: readonly string[]): Promise<Map<string, AccountState>>;
  /** Accounts that have a domain, by domain, the oldest first; at most 10 a domain. */
  byDomain(domains: readonly string[]): Promise<Map<string, AccountState[]>>;
  /** Accounts directly below each group id, by id; at most `accountsPerAnswerMax` each. */
  below(groupIds: readonly string[]): Promise<Map<string, AccountState[]>>;
  /** Persons who are members, by id ascending, behind `after`. */
  members(accountId: string, after: string, limit: number): Promise<string[]>;
}
