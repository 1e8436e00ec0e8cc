import { companyDomainsOf, readOrganisation, sharedHomePrefix } from "../domain/organisation.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { AccountMembership, AccountState } from "../store/graph-rows.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { AccountStatements } from "../store/organisation-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";

/** How a membership is known: a source said so, an e-mail domain or a shared home shows it. */
export type MembershipMethod = "STATED" | "EMAIL_DOMAIN" | "SHARED_HOME";

/** A person's membership of one account, whatever sources said about it. */
export interface Membership {
  account: AccountState;
  method: MembershipMethod;
  confidence: number;
  /** The role that was said last. */
  role: string | null;
  /** Who said so last. */
  source: string;
  firstSeenAt: string;
  lastSeenAt: string;
  /** What each source says of each identifier, latest first; empty where it is concluded. */
  statements: readonly AccountMembership[];
}

const statementsMax = 2_000;
const addressesMax = 50;

/** Who belongs to which organisation, workspace and household. It never makes two persons one. */
export class Organisations {
  private readonly reader: IdentityReader;
  private readonly policy: PolicyInForce;

  constructor(reader: IdentityReader, policy: PolicyInForce) {
    this.reader = reader;
    this.policy = policy;
  }

  /** By person: what was stated, latest first, then what e-mail domains show. */
  async membershipsOf(personIds: readonly string[]): Promise<Map<string, Membership[]>> {
    const { organisations } = this.reader;
    const stated = await organisations.statementsOf(personIds, statementsMax);
    const addresses = await this.addressesOf(personIds);
    const domains = [...addresses.values()].flat().flatMap(({ value }) => companyDomainsOf(value));
    const accounts =
      domains.length === 0 ? new Map() : await organisations.byDomain([...new Set(domains)]);
    return new Map(
      personIds.map((id) => {
        const said = presentHomes(stated.get(id) ?? []).map((each) => this.combined(each));
        const known = new Set(said.map(({ account }) => account.id));
        const shown = this.byDomain(addresses.get(id) ?? [], accounts);
        return [id, [...said, ...shown.filter(({ account }) => !known.has(account.id))]];
      }),
    );
  }

  /** The accounts directly above accounts, by the account's id. */
  async parentsOf(accounts: readonly AccountState[]): Promise<Map<string, AccountState>> {
    const above = new Map(
      accounts.flatMap(({ id, groupId, traits }) => {
        const { parentGroupId } = readOrganisation(groupId, traits);
        return parentGroupId === null ? [] : [[id, parentGroupId] as const];
      }),
    );
    const found = await this.reader.organisations.byGroupId([...new Set(above.values())]);
    return new Map(
      [...above].flatMap(([id, groupId]) => {
        const parent = found.get(groupId);
        return parent ? [[id, parent] as const] : [];
      }),
    );
  }

  private async addressesOf(
    personIds: readonly string[],
  ): Promise<Map<string, readonly KnownIdentifier[]>> {
    const page = { limit: addressesMax, after: null };
    const found = await this.reader.identifiers(personIds, ["PERSON"], page);
    const { namespaces } = this.policy.current();
    const isAddress = ({ namespace, generic }: KnownIdentifier) =>
      !generic && namespaces.get(namespace)?.normaliser === "EMAIL";
    return new Map([...found].map(([id, { identifiers }]) => [id, identifiers.filter(isAddress)]));
  }

  private combined({ account, statements }: AccountStatements): Membership {
    const isHome = account.groupId.startsWith(sharedHomePrefix);
    const [latest] = statements;
    const said = statements
      .filter(({ role }) => role !== null)
      .sort((a, b) => ((a.roleAt ?? "") < (b.roleAt ?? "") ? 1 : -1));
    return {
      account,
      method: isHome ? "SHARED_HOME" : "STATED",
      confidence: isHome ? this.medium() : 1,
      role: said[0]?.role ?? null,
      source: latest!.source,
      firstSeenAt: statements.map((each) => each.firstSeenAt).reduce((a, b) => (a < b ? a : b)),
      lastSeenAt: latest!.lastSeenAt,
      statements,
    };
  }

  private byDomain(
    addresses: readonly KnownIdentifier[],
    accounts: ReadonlyMap<string, readonly AccountState[]>,
  ): Membership[] {
    const found = new Map<string, Membership>();
    for (const { value, sources, firstSeenAt, lastSeenAt } of addresses) {
      const [nearest] = companyDomainsOf(value).flatMap((domain) => {
        const own = (accounts.get(domain) ?? []).filter(isOrganisation);
        return own.length > 0 ? [own] : [];
      });
      for (const account of nearest ?? []) {
        if (found.has(account.id)) continue;
        found.set(account.id, {
          account,
          method: "EMAIL_DOMAIN",
          confidence: this.medium(),
          role: null,
          source: sources[0] ?? "",
          firstSeenAt,
          lastSeenAt,
          statements: [],
        });
      }
    }
    return [...found.values()];
  }

  /** In the middle of the band that no link of persons acts upon. */
  private medium(): number {
    const { highFrom, mediumFrom } = this.policy.current().policy;
    return (highFrom + mediumFrom) / 2;
  }
}

/** Who has moved lives there no more: of each source only the last home of an identifier counts. */
function presentHomes(stated: readonly AccountStatements[]): AccountStatements[] {
  const last = new Map<string, string>();
  const isHome = ({ account }: AccountStatements) => account.groupId.startsWith(sharedHomePrefix);
  const slot = ({ key, source }: AccountMembership) => `${key}\u0001${source}`;
  for (const { statements } of stated.filter(isHome)) {
    for (const each of statements) {
      const known = last.get(slot(each));
      if (!known || each.lastSeenAt > known) last.set(slot(each), each.lastSeenAt);
    }
  }
  return stated.flatMap((each) => {
    if (!isHome(each)) return [each];
    const statements = each.statements.filter((one) => last.get(slot(one)) === one.lastSeenAt);
    return statements.length > 0 ? [{ ...each, statements }] : [];
  });
}

function isOrganisation({ groupId, traits }: AccountState): boolean {
  return readOrganisation(groupId, traits).kind === "ORGANISATION";
}
