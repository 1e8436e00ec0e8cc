import { createHash } from "node:crypto";
import type { GroupStatement, Observation } from "../domain/observation.ts";
import { sharedHomeOf, sharedHomePrefix } from "../domain/organisation.ts";
import type { AccountMembership, AccountState } from "../store/graph-rows.ts";

/** The group of a call, and the household that name and address show; none of them joins persons. */
export function groupsOf({ group, traits }: Observation): GroupStatement[] {
  const home = sharedHomeOf(traits);
  const stated = group ? [group] : [];
  return home === null ? stated : [...stated, householdOf(home)];
}

/** Nothing of the address stands in the graph: who erases the persons has erased it. */
function householdOf(home: string): GroupStatement {
  const hash = createHash("sha256").update(home).digest("base64url");
  return { groupId: `${sharedHomePrefix}${hash}`, role: null, traits: {} };
}

/** Accounts and memberships that a batch of observations touches. */
export class AccountBook {
  private readonly accounts: Map<string, AccountState>;
  private readonly changed = new Set<string>();
  private readonly memberships = new Map<string, AccountMembership>();
  private readonly newAccountId: () => string;

  constructor(known: readonly AccountState[], newAccountId: () => string) {
    this.newAccountId = newAccountId;
    this.accounts = new Map(known.map((account) => [account.groupId, account]));
  }

  /** Takes in what an observation says of accounts; true when it says something. */
  take(observation: Observation): boolean {
    const { subject, source, at } = observation;
    if (!subject) return false;
    const groups = groupsOf(observation);
    for (const group of groups) {
      const account = this.accounts.get(group.groupId) ?? {
        id: this.newAccountId(),
        groupId: group.groupId,
        traits: {},
        createdAt: at,
      };
      const known = this.accounts.get(group.groupId);
      const next = withTraits(account, group.traits, at);
      this.accounts.set(group.groupId, next);
      const isSame = known && JSON.stringify(known) === JSON.stringify(next);
      if (!isSame) this.changed.add(group.groupId);
      this.join({
        key: subject.key,
        accountId: account.id,
        role: group.role,
        source,
        firstSeenAt: at,
        lastSeenAt: at,
      });
    }
    return groups.length > 0;
  }

  changes(): { accounts: AccountState[]; memberships: AccountMembership[] } {
    return {
      accounts: [...this.changed].map((groupId) => this.accounts.get(groupId)!),
      memberships: [...this.memberships.values()],
    };
  }

  private join(membership: AccountMembership): void {
    const slot = [membership.key, membership.accountId, membership.source].join("\u0001");
    const known = this.memberships.get(slot);
    if (!known) return void this.memberships.set(slot, membership);
    this.memberships.set(slot, {
      ...membership,
      ...laterRole(known, membership),
      firstSeenAt: least(known.firstSeenAt, membership.firstSeenAt),
      lastSeenAt: greatest(known.lastSeenAt, membership.lastSeenAt),
    });
  }
}

const least = (a: string, b: string) => (a < b ? a : b);
const greatest = (a: string, b: string) => (a > b ? a : b);

/** The role that was said last; of one instant the greater, so that order is nothing. */
function laterRole(a: AccountMembership, b: AccountMembership) {
  const said = ({ role, roleAt, lastSeenAt }: AccountMembership) =>
    role === null ? null : { role, roleAt: roleAt ?? lastSeenAt };
  const [one, other] = [said(a), said(b)];
  if (!one || !other) return one ?? other ?? { role: null, roleAt: null };
  const isLater = other.roleAt > one.roleAt || (other.roleAt === one.roleAt && other.role > one.role);
  return isLater ? other : one;
}

/** Ties go by the value, so that arrival order never matters. */
function isLater(fact: { value: unknown; at: string }, known: { value: unknown; at: string }) {
  if (fact.at !== known.at) return fact.at > known.at;
  return JSON.stringify(fact.value) > JSON.stringify(known.value);
}

/** Newest value of each trait by event time; null says nothing. */
function withTraits(
  account: AccountState,
  traits: Readonly<Record<string, unknown>>,
  at: string,
): AccountState {
  const next = new Map(Object.entries(account.traits));
  for (const [name, value] of Object.entries(traits)) {
    if (value === null || value === undefined) continue;
    const known = next.get(name);
    if (!known || isLater({ value, at }, known)) next.set(name, { value, at });
  }
  const createdAt = at < account.createdAt ? at : account.createdAt;
  return { ...account, createdAt, traits: Object.fromEntries(next) };
}
