import type { Observation } from "../domain/observation.ts";
import type { AccountMembership, AccountState } from "../store/graph-rows.ts";

/** Accounts and memberships that a batch of group calls touches. */
export class AccountBook {
  private readonly accounts: Map<string, AccountState>;
  private readonly changed = new Set<string>();
  private readonly memberships = new Map<string, AccountMembership>();
  private readonly newAccountId: () => string;

  constructor(known: readonly AccountState[], newAccountId: () => string) {
    this.newAccountId = newAccountId;
    this.accounts = new Map(known.map((account) => [account.groupId, account]));
  }

  /** Takes a group call in; true when there was one. */
  take({ group, subject, source, at }: Observation): boolean {
    if (!group || !subject) return false;
    const account = this.accounts.get(group.groupId) ?? {
      id: this.newAccountId(),
      groupId: group.groupId,
      traits: {},
      createdAt: at,
    };
    this.accounts.set(group.groupId, withTraits(account, group.traits, at));
    this.changed.add(group.groupId);
    this.join({
      key: subject.key,
      accountId: account.id,
      role: group.role,
      source,
      firstSeenAt: at,
      lastSeenAt: at,
    });
    return true;
  }

  changes(): { accounts: AccountState[]; memberships: AccountMembership[] } {
    return {
      accounts: [...this.changed].map((groupId) => this.accounts.get(groupId)!),
      memberships: [...this.memberships.values()],
    };
  }

  private join(membership: AccountMembership): void {
    const slot = `${membership.key}\u0001${membership.accountId}`;
    const known = this.memberships.get(slot);
    if (!known) return void this.memberships.set(slot, membership);
    const [older, newer] =
      membership.lastSeenAt >= known.lastSeenAt ? [known, membership] : [membership, known];
    this.memberships.set(slot, {
      ...newer,
      role: newer.role ?? older.role,
      firstSeenAt: older.firstSeenAt < newer.firstSeenAt ? older.firstSeenAt : newer.firstSeenAt,
    });
  }
}

/** Newest value of each trait by event time; null says nothing. */
function withTraits(
  account: AccountState,
  traits: Readonly<Record<string, unknown>>,
  at: string,
): AccountState {
  const next = new Map(Object.entries(account.traits));
  for (const [name, value] of Object.entries(traits)) {
    const known = next.get(name);
    if (value !== null && value !== undefined && !(known && known.at > at))
      next.set(name, { value, at });
  }
  const createdAt = at < account.createdAt ? at : account.createdAt;
  return { ...account, createdAt, traits: Object.fromEntries(next) };
}
