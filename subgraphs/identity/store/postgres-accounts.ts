import type { Database, Row, Statement, Transaction } from "../../../kernel/database/database.ts";
import { readOrganisation } from "../domain/organisation.ts";
import type { AccountMembership, AccountState } from "./graph-rows.ts";
import {
  type AccountStatements,
  accountsPerAnswerMax,
  type OrganisationReader,
} from "./organisation-reader.ts";
import * as rows from "./postgres-rows.ts";

const accountsPerDomainMax = 10;

const saveAccountsStatement: Statement = {
  name: "identity-save-accounts",
  text: `insert into identity.accounts (id, group_id, traits, created_at, kind, parent_group_id)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
         on conflict (id) do update set group_id = excluded.group_id, traits = excluded.traits,
           created_at = excluded.created_at, kind = excluded.kind,
           parent_group_id = excluded.parent_group_id`,
};

/** The role said last by event time counts; of one instant the greater, so that order is nothing. */
const saveMembershipsStatement: Statement = {
  name: "identity-save-account_memberships",
  text: `
    insert into identity.account_memberships as m
      (key, account_id, role, source, first_seen_at, last_seen_at, role_at)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
      $7::text[])
    on conflict (key, account_id, source) do update set
      role = case
        when excluded.role_at is null then m.role
        when m.role_at is null or excluded.role_at > m.role_at then excluded.role
        when excluded.role_at = m.role_at then greatest(excluded.role, m.role)
        else m.role end,
      role_at = greatest(excluded.role_at, m.role_at),
      first_seen_at = least(excluded.first_seen_at, m.first_seen_at),
      last_seen_at = greatest(excluded.last_seen_at, m.last_seen_at)`,
};

/** Accounts with their place and domains, and what sources said of memberships. */
export async function saveAccounts(
  tx: Transaction,
  accounts: readonly AccountState[],
  memberships: readonly AccountMembership[],
): Promise<void> {
  if (accounts.length > 0) {
    const places = accounts.map(({ groupId, traits }) => readOrganisation(groupId, traits));
    tx.write(saveAccountsStatement, [
      accounts.map(({ id }) => id),
      accounts.map(({ groupId }) => groupId),
      accounts.map(({ traits }) => JSON.stringify(traits)),
      accounts.map(({ createdAt }) => createdAt),
      places.map(({ kind }) => kind),
      places.map(({ parentGroupId }) => parentGroupId),
    ]);
    const domains = accounts.flatMap(({ id }, place) =>
      places[place]!.domains.map((domain) => ({ domain, id })),
    );
    await saveDomains(
      tx,
      accounts.map(({ id }) => id),
      domains,
    );
  }
  if (memberships.length === 0) return;
  tx.write(saveMembershipsStatement, [
    memberships.map(({ key }) => key),
    memberships.map(({ accountId }) => accountId),
    memberships.map(({ role }) => role),
    memberships.map(({ source }) => source),
    memberships.map(({ firstSeenAt }) => firstSeenAt),
    memberships.map(({ lastSeenAt }) => lastSeenAt),
    memberships.map((each) => roleAtOf(each)),
  ]);
}

/** What is known of these identifiers' memberships of these accounts. */
export async function membershipsOf(
  tx: Transaction,
  accounts: readonly AccountState[],
  keys: readonly string[],
): Promise<AccountMembership[]> {
  if (accounts.length === 0) return [];
  const found = await tx.query(
    {
      name: "identity-memberships",
      text: `select m.* from unnest($1::text[]) as account (id)
             join identity.account_memberships m
               on m.account_id = account.id and m.key = any($2::text[])`,
    },
    [accounts.map(({ id }) => id), keys],
  );
  return found.map(toMembership);
}

function roleAtOf({ role, roleAt, lastSeenAt }: AccountMembership): string | null {
  return role === null ? null : (roleAt ?? lastSeenAt);
}

async function saveDomains(
  tx: Transaction,
  accountIds: readonly string[],
  domains: readonly { domain: string; id: string }[],
): Promise<void> {
  tx.write(
    {
      name: "identity-forget-domains",
      text: "delete from identity.account_domains where account_id = any($1::text[])",
    },
    [accountIds],
  );
  if (domains.length === 0) return;
  tx.write(
    {
      name: "identity-save-domains",
      text: `insert into identity.account_domains (domain, account_id)
             select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
    },
    [domains.map(({ domain }) => domain), domains.map(({ id }) => id)],
  );
}

/** Organisations in PostgreSQL. */
export class PostgresOrganisations implements OrganisationReader {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async statementsOf(
    personIds: readonly string[],
    limit: number,
  ): Promise<Map<string, AccountStatements[]>> {
    const found = await this.database.query(
      {
        name: "identity-read-account-statements",
        text: `
          select person.id as asked, m.*, ${rows.accountColumns}
          from unnest($1::text[]) as person (id)
          cross join lateral (
            select own.* from identity.identifiers i
            join identity.account_memberships own on own.key = i.key
            where i.person_id = person.id
            order by own.last_seen_at desc, own.account_id, own.source, own.key limit $2) m
          join identity.accounts a on a.id = m.account_id
          order by person.id, m.last_seen_at desc, m.account_id, m.source, m.key`,
      },
      [personIds, limit],
    );
    const byPerson = rows.grouped(
      found,
      (row) => row.asked as string,
      (row) => row,
    );
    return new Map([...byPerson].map(([id, own]) => [id, byAccount(own)]));
  }

  async byGroupId(groupIds: readonly string[]): Promise<Map<string, AccountState>> {
    const found = await this.database.query(
      `select ${rows.accountColumns} from identity.accounts a where a.group_id = any($1::text[])`,
      [groupIds],
    );
    return new Map(found.map((row) => [row.group_id as string, rows.toAccount(row)]));
  }

  async byDomain(domains: readonly string[]): Promise<Map<string, AccountState[]>> {
    const found = await this.database.query(
      `select asked.domain as asked, a.* from unnest($1::text[]) as asked (domain)
       cross join lateral (
         select ${rows.accountColumns} from identity.account_domains d
         join identity.accounts a on a.id = d.account_id
         where d.domain = asked.domain order by a.created_at, a.id limit $2) a`,
      [domains, accountsPerDomainMax],
    );
    return rows.grouped(found, (row) => row.asked as string, rows.toAccount);
  }

  async below(groupIds: readonly string[]): Promise<Map<string, AccountState[]>> {
    const found = await this.database.query(
      `select asked.id as asked, a.* from unnest($1::text[]) as asked (id)
       cross join lateral (
         select ${rows.accountColumns} from identity.accounts a
         where a.parent_group_id = asked.id order by a.id limit $2) a`,
      [groupIds, accountsPerAnswerMax],
    );
    return rows.grouped(found, (row) => row.asked as string, rows.toAccount);
  }

  async members(accountId: string, after: string, limit: number): Promise<string[]> {
    const found = await this.database.query<{ person_id: string }>(
      `select distinct i.person_id from identity.account_memberships m
       join identity.identifiers i on i.key = m.key
       where m.account_id = $1 and i.person_id > $2 order by i.person_id limit $3`,
      [accountId, after, limit],
    );
    return found.map((row) => row.person_id);
  }
}

function byAccount(found: readonly Row[]): AccountStatements[] {
  const accounts = new Map<string, AccountStatements>();
  for (const row of found) {
    const id = row.account_id as string;
    const known = accounts.get(id) ?? { account: rows.toAccount(row), statements: [] };
    known.statements.push(toMembership(row));
    accounts.set(id, known);
  }
  return [...accounts.values()];
}

function toMembership(row: Row): AccountMembership {
  return {
    key: row.key as string,
    accountId: row.account_id as string,
    role: row.role as string | null,
    roleAt: row.role_at as string | null,
    source: row.source as string,
    firstSeenAt: row.first_seen_at as string,
    lastSeenAt: row.last_seen_at as string,
  };
}
