import { int } from "neo4j-driver";
import type {
  GraphDatabase,
  GraphRow,
  GraphTransaction,
} from "../../../kernel/graph/graph-database.ts";
import { readOrganisation } from "../domain/organisation.ts";
import type { AccountMembership, AccountState } from "./graph-rows.ts";
import * as rows from "./neo4j-rows.ts";
import {
  type AccountStatements,
  accountsPerAnswerMax,
  type OrganisationReader,
} from "./organisation-reader.ts";

const accountsPerDomainMax = 10;

/** Edges up and down, whichever of the two was named first; a workspace belongs to an account. */
export const saveAccounts = `
  UNWIND $rows AS row
  MERGE (account:Account {id: row.id})
  SET account += row.set
  WITH row, account
  CALL (row, account) {
    WITH row, account WHERE row.set.kind = 'WORKSPACE' SET account:Workspace
  }
  CALL (row, account) {
    WITH row, account WHERE row.set.kind = 'HOUSEHOLD' SET account:Household
  }
  CALL (row, account) {
    OPTIONAL MATCH (account)-[old:PART_OF|BELONGS_TO|HAS_DOMAIN]->()
    DELETE old
  }
  CALL (row, account) {
    MATCH (above:Account {groupId: row.parentGroupId})
    FOREACH (it IN CASE WHEN row.set.kind = 'WORKSPACE' THEN [above] ELSE [] END |
      MERGE (account)-[:BELONGS_TO]->(it))
    FOREACH (it IN CASE WHEN row.set.kind = 'WORKSPACE' THEN [] ELSE [above] END |
      MERGE (account)-[:PART_OF]->(it))
  }
  CALL (row, account) {
    MATCH (child:Account {parentGroupId: row.set.groupId})
    FOREACH (it IN CASE WHEN child.kind = 'WORKSPACE' THEN [child] ELSE [] END |
      MERGE (it)-[:BELONGS_TO]->(account))
    FOREACH (it IN CASE WHEN child.kind = 'WORKSPACE' THEN [] ELSE [child] END |
      MERGE (it)-[:PART_OF]->(account))
  }
  CALL (row, account) {
    UNWIND row.domains AS name
    MERGE (domain:EmailDomain {name: name})
    MERGE (account)-[:HAS_DOMAIN]->(domain)
  }`;

/** The role said last by event time counts; of one instant the greater, so that order is nothing. */
export const saveMemberships = `
  UNWIND $rows AS row
  MATCH (identifier:Identifier {key: row.key})
  MATCH (account:Account {id: row.accountId})
  MERGE (identifier)-[edge:MEMBER_OF {source: row.source}]->(account)
  WITH row, edge,
    CASE WHEN row.roleAt IS NULL THEN false
         WHEN edge.roleAt IS NULL OR row.roleAt > edge.roleAt THEN true
         ELSE row.roleAt = edge.roleAt AND row.role > edge.role END AS says
  SET edge.role = CASE WHEN says THEN row.role ELSE edge.role END,
      edge.roleAt = CASE WHEN says THEN row.roleAt ELSE edge.roleAt END,
      edge.firstSeenAt = CASE WHEN row.firstSeenAt < coalesce(edge.firstSeenAt, "\\uffff")
                         THEN row.firstSeenAt ELSE edge.firstSeenAt END,
      edge.lastSeenAt = CASE WHEN row.lastSeenAt > coalesce(edge.lastSeenAt, "")
                        THEN row.lastSeenAt ELSE edge.lastSeenAt END`;

export function accountRow({ id, groupId, traits, createdAt }: AccountState): GraphRow {
  const { kind, parentGroupId, domains } = readOrganisation(groupId, traits);
  const set = { groupId, createdAt, traits: JSON.stringify(traits), kind, parentGroupId };
  return { id, parentGroupId: parentGroupId ?? "", domains, set };
}

export function membershipRow(membership: AccountMembership): GraphRow {
  const { role, lastSeenAt } = membership;
  return { ...membership, roleAt: role === null ? null : (membership.roleAt ?? lastSeenAt) };
}

/** What is known of these identifiers' memberships of the accounts with these group ids. */
export async function membershipsOf(
  tx: GraphTransaction,
  groupIds: readonly string[],
  keys: readonly string[],
): Promise<AccountMembership[]> {
  if (groupIds.length === 0) return [];
  const found = await tx.run(
    `UNWIND $keys AS key
     MATCH (:Identifier {key: key})-[edge:MEMBER_OF]->(account:Account)
     WHERE account.groupId IN $groupIds
     RETURN key, account.id AS accountId, edge {${statedFields}} AS edge`,
    { groupIds, keys },
  );
  return found.map(({ key, accountId, edge }) =>
    toMembership(key as string, accountId as string, edge as Stated["edge"]),
  );
}

const statedFields = ".role, .roleAt, .source, .firstSeenAt, .lastSeenAt";

function toMembership(key: string, accountId: string, edge: Stated["edge"]): AccountMembership {
  const { role, roleAt, source, firstSeenAt, lastSeenAt } = edge;
  const times = { firstSeenAt, lastSeenAt };
  return { key, accountId, source, ...times, role: role ?? null, roleAt: roleAt ?? null };
}

/** Organisations in Neo4j. */
export class Neo4jOrganisations implements OrganisationReader {
  private readonly graph: GraphDatabase;

  constructor(graph: GraphDatabase) {
    this.graph = graph;
  }

  async statementsOf(
    personIds: readonly string[],
    limit: number,
  ): Promise<Map<string, AccountStatements[]>> {
    const found = await this.ask(
      `UNWIND $personIds AS id
       CALL (id) {
         MATCH (:Person {id: id})<-[:IDENTIFIES]-(one:Identifier)-[edge:MEMBER_OF]->(account:Account)
         RETURN one.key AS key, edge, account
         ORDER BY edge.lastSeenAt DESC, account.id, edge.source, key LIMIT $limit
       }
       RETURN id, collect({key: key, edge: edge {${statedFields}},
         account: account {${rows.accountFields}}}) AS part`,
      { personIds, limit: int(limit) },
    );
    return new Map(found.map(({ id, part }) => [id as string, byAccount(part as Stated[])]));
  }

  async byGroupId(groupIds: readonly string[]): Promise<Map<string, AccountState>> {
    const found = await this.ask(
      `UNWIND $groupIds AS groupId
       MATCH (account:Account {groupId: groupId})
       RETURN groupId, account {${rows.accountFields}} AS account`,
      { groupIds },
    );
    return new Map(found.map((row) => [row.groupId as string, rows.toAccount(row.account)]));
  }

  byDomain(domains: readonly string[]): Promise<Map<string, AccountState[]>> {
    return this.lists(
      `MATCH (:EmailDomain {name: asked})<-[:HAS_DOMAIN]-(account:Account)
       RETURN account ORDER BY account.createdAt, account.id LIMIT $limit`,
      { asked: domains, limit: int(accountsPerDomainMax) },
    );
  }

  below(groupIds: readonly string[]): Promise<Map<string, AccountState[]>> {
    return this.lists(
      `MATCH (account:Account {parentGroupId: asked})
       RETURN account ORDER BY account.id LIMIT $limit`,
      { asked: groupIds, limit: int(accountsPerAnswerMax) },
    );
  }

  async members(accountId: string, after: string, limit: number): Promise<string[]> {
    const found = await this.ask<{ id: string }>(
      `MATCH (:Account {id: $accountId})<-[:MEMBER_OF]-(:Identifier)-[:IDENTIFIES]->(person:Person)
       WHERE person.id > $after
       RETURN DISTINCT person.id AS id ORDER BY id LIMIT $limit`,
      { accountId, after, limit: int(limit) },
    );
    return found.map(({ id }) => id);
  }

  private async lists(cypher: string, parameters: GraphRow): Promise<Map<string, AccountState[]>> {
    const found = await this.ask(
      `UNWIND $asked AS asked
       CALL (asked) { ${cypher} }
       RETURN asked, collect(account {${rows.accountFields}}) AS accounts`,
      parameters,
    );
    return new Map(
      found.map(({ asked, accounts }) => [
        asked as string,
        (accounts as unknown[]).map(rows.toAccount),
      ]),
    );
  }

  private ask<R extends GraphRow = GraphRow>(cypher: string, parameters: GraphRow): Promise<R[]> {
    return this.graph.read((tx: GraphTransaction) => tx.run<R>(cypher, parameters));
  }
}

interface Stated {
  key: string;
  account: unknown;
  edge: Omit<AccountMembership, "key" | "accountId">;
}

function byAccount(stated: readonly Stated[]): AccountStatements[] {
  const accounts = new Map<string, AccountStatements>();
  for (const { key, account: fields, edge } of stated) {
    const account = rows.toAccount(fields);
    const known = accounts.get(account.id) ?? { account, statements: [] };
    known.statements.push(toMembership(key, account.id, edge));
    accounts.set(account.id, known);
  }
  return [...accounts.values()];
}
