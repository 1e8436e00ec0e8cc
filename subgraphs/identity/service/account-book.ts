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
  private readonly memberships: Map<string, AccountMembership>;
  private readonly changedAccounts = new Set<string>();
  private readonly changedMemberships = new Set<string>();
  private readonly newAccountId: () => string;

  constructor(
    known: { accounts: readonly AccountState[]; memberships: readonly AccountMembership[] },
    newAccountId: () => string,
  ) {
    this.newAccountId = newAccountId;
    this.accounts = new Map(known.accounts.map((account) => [account.groupId, account]));
    this.memberships = new Map(known.memberships.map((each) => [slotOf(each), each]));
  }

  /** Takes in what an observation says of accounts; true when that is news for its subject. */
  take(observation: Observation): boolean {
    const { subject, source, at } = observation;
    if (!subject) return false;
    const news = groupsOf(observation).map((group) => {
      const account = this.account(group, at);
      const { role } = group;
      const times = { firstSeenAt: at, lastSeenAt: at };
      const joins = this.join({ key: subject.key, accountId: account.id, role, source, ...times });
      return joins || account.isNews;
    });
    return news.includes(true);
  }

  changes(): { accounts: AccountState[]; memberships: AccountMembership[] } {
    return {
      accounts: [...this.changedAccounts].map((groupId) => this.accounts.get(groupId)!),
      memberships: [...this.changedMemberships].map((slot) => this.memberships.get(slot)!),
    };
  }

  private account({ groupId, traits }: GroupStatement, at: string) {
    const known = this.accounts.get(groupId);
    const before = known ?? { id: this.newAccountId(), groupId, traits: {}, createdAt: at };
    const next = withTraits(before, traits, at);
    if (known && JSON.stringify(known) === JSON.stringify(next)) return { ...next, isNews: false };
    this.accounts.set(groupId, next);
    this.changedAccounts.add(groupId);
    return { ...next, isNews: !known || textOf(known) !== textOf(next) };
  }

  /** Gives whether anybody reads something else now than before. */
  private join(statement: AccountMembership): boolean {
    const slot = slotOf(statement);
    const known = this.memberships.get(slot);
    const said = { ...statement, roleAt: statement.role === null ? null : statement.lastSeenAt };
    const next: AccountMembership = known
      ? {
          ...said,
          ...laterRole(known, said),
          firstSeenAt: least(known.firstSeenAt, said.firstSeenAt),
          lastSeenAt: greatest(known.lastSeenAt, said.lastSeenAt),
        }
      : said;
    const isSame = (["role", "roleAt", "firstSeenAt", "lastSeenAt"] as const).every(
      (field) => known?.[field] === next[field],
    );
    if (isSame) return false;
    this.memberships.set(slot, next);
    this.changedMemberships.add(slot);
    return known?.role !== next.role;
  }
}

function slotOf({ key, accountId, source }: AccountMembership): string {
  return [key, accountId, source].join("\u0001");
}

/** What is told of an account, whenever it was said. */
function textOf({ traits }: AccountState): string {
  return JSON.stringify(Object.entries(traits).map(([name, { value }]) => [name, value]));
}

const least = (a: string, b: string) => (a < b ? a : b);
const greatest = (a: string, b: string) => (a > b ? a : b);

/** The role that was said last; of one instant the greater, so that order is nothing. */
function laterRole(a: AccountMembership, b: AccountMembership) {
  const said = ({ role, roleAt, lastSeenAt }: AccountMembership) =>
    role === null ? null : { role, roleAt: roleAt ?? lastSeenAt };
  const [one, other] = [said(a), said(b)];
  if (!one || !other) return one ?? other ?? { role: null, roleAt: null };
  const isLater =
    other.roleAt > one.roleAt || (other.roleAt === one.roleAt && other.role > one.role);
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
