import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { AccountMembership, AccountState, GraphRequest } from "./graph-rows.ts";
import type { ExcerptReader } from "./load-excerpt.ts";
import { membershipsOf } from "./neo4j-accounts.ts";
import * as rows from "./neo4j-rows.ts";
import { sheetId } from "./neo4j-save-rows.ts";

/** `early` may be read before the unit's turn has come, as a cache tells what is on its way. */
export class Neo4jExcerptReader implements ExcerptReader {
  private readonly early: GraphTransaction;
  private readonly tx: GraphTransaction;

  constructor(early: GraphTransaction, tx: GraphTransaction) {
    this.early = early;
    this.tx = tx;
  }

  async identifiers(keys: readonly string[]) {
    const found = await this.early.run(
      `UNWIND $keys AS key
       MATCH (identifier:Identifier {key: key})
       OPTIONAL MATCH (identifier)-[:IDENTIFIES]->(person:Person)
       WITH person, collect(identifier {${rows.identifierFields}}) AS identifiers
       RETURN person {${rows.personFields}} AS person, identifiers`,
      { keys: [...keys].sort() },
    );
    const identifiers: KnownIdentifier[] = [];
    const persons: PersonState[] = [];
    for (const { person, identifiers: own } of found) {
      const { id, createdAt } = (person ?? {}) as { id?: string; createdAt?: string };
      for (const each of own as unknown[]) identifiers.push(rows.toIdentifier(each, id ?? null));
      // A person without a date was only pointed at, never saved.
      if (createdAt) persons.push(rows.toPerson(person));
    }
    return { identifiers, persons };
  }

  async persons(ids: readonly string[]): Promise<PersonState[]> {
    const found = await this.early.run(
      `UNWIND $ids AS id
       MATCH (person:Person {id: id}) WHERE person.createdAt IS NOT NULL
       RETURN person {${rows.personFields}} AS person`,
      { ids },
    );
    return found.map(({ person }) => rows.toPerson(person));
  }

  async evidence(pairs: GraphRequest["evidence"]): Promise<Evidence[]> {
    const found = await this.early.run(
      `UNWIND $pairs AS pair
       MATCH (low:Identifier {key: pair[0]})
       MATCH (high:Identifier {key: pair[1]})
       WITH low, high, pair[2] AS rule ${rows.edgeBetween}
       RETURN edge {${rows.evidenceFields}} AS edge`,
      { pairs: pairs.map(({ low, high, rule }) => [low, high, rule]) },
    );
    return found.map(({ edge }) => rows.toEvidence(edge));
  }

  async sheets(slots: GraphRequest["sheets"]): Promise<FactSheet[]> {
    const found = await this.early.run(
      `UNWIND $ids AS id
       MATCH (sheet:FactSheet {id: id}) RETURN sheet {${rows.sheetFields}} AS sheet`,
      { ids: slots.map(sheetId) },
    );
    return found.map(({ sheet }) => rows.toSheet(sheet));
  }

  async accounts(groupIds: readonly string[]): Promise<AccountState[]> {
    const found = await this.tx.run(
      `UNWIND $groupIds AS groupId
       MATCH (account:Account {groupId: groupId})
       RETURN account {${rows.accountFields}} AS account`,
      { groupIds },
    );
    return found.map(({ account }) => rows.toAccount(account));
  }

  memberships(
    accounts: readonly AccountState[],
    keys: readonly string[],
  ): Promise<AccountMembership[]> {
    const groupIds = accounts.map(({ groupId }) => groupId);
    return membershipsOf(this.tx, groupIds, keys);
  }
}
