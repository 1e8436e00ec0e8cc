import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { int } from "neo4j-driver";
import type { GraphDatabase, GraphRow } from "../../../kernel/graph/graph-database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { IdentifierKind } from "../domain/identity-policy.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { AccountState, GraphComponent } from "./graph-rows.ts";
import type {
  AuditListing,
  DeviceUse,
  IdentityReader,
  Page,
  PersonListing,
  PersonRow,
} from "./identity-reader.ts";
import type { OrganisationReader } from "./organisation-reader.ts";
import { Neo4jOrganisations } from "./neo4j-accounts.ts";
import { identifiersByKey, identifiersOfPersons, loadComponents } from "./neo4j-components.ts";
import { listAudit, listPersons } from "./neo4j-listings.ts";
import * as rows from "./neo4j-rows.ts";
import { devicesOfPersons } from "./neo4j-uses.ts";

const redirectsMax = 50_000;

const kindOrder =
  "CASE one.kind WHEN 'PERSON' THEN 0 WHEN 'DEVICE' THEN 1 WHEN 'SESSION' THEN 2 ELSE 3 END";

/** Questions to the graph in Neo4j; one statement each, whatever the number of persons. */
export class Neo4jReader implements IdentityReader {
  readonly organisations: OrganisationReader;
  private readonly graph: GraphDatabase;

  constructor(graph: GraphDatabase) {
    this.graph = graph;
    this.organisations = new Neo4jOrganisations(graph);
  }

  async persons(ids: readonly string[]): Promise<Map<string, PersonRow>> {
    const found = await this.ask(
      `UNWIND $ids AS id
       MATCH (asked:Person {id: id})
       OPTIONAL MATCH (asked)-[:MERGED_INTO]->(survivor:Person)
       WITH id, coalesce(survivor, asked) AS person WHERE person.createdAt IS NOT NULL
       RETURN id, person {${rows.personRowFields}} AS person`,
      { ids },
    );
    return new Map(found.map(({ id, person }) => [id as string, rows.toPersonRow(person)]));
  }

  async personIdsOf(keys: readonly string[]): Promise<Map<string, string>> {
    const found = await this.ask<{ key: string; personId: string }>(
      `UNWIND $keys AS key
       MATCH (:Identifier {key: key})-[:IDENTIFIES]->(person:Person)
       RETURN key, person.id AS personId`,
      { keys },
    );
    return new Map(found.map(({ key, personId }) => [key, personId]));
  }

  async redirectsTo(personIds: readonly string[]): Promise<Map<string, string[]>> {
    const found = await this.ask<{ id: string; olds: string[] }>(
      `UNWIND $personIds AS id
       MATCH (old:Person)-[:MERGED_INTO]->(:Person {id: id})
       WITH id, old ORDER BY old.id LIMIT $limit
       RETURN id, collect(old.id) AS olds`,
      { personIds, limit: int(redirectsMax) },
    );
    return new Map(found.map(({ id, olds }) => [id, olds]));
  }

  async identifiers(
    personIds: readonly string[],
    kinds: readonly IdentifierKind[],
    page: Page,
  ): Promise<Map<string, { identifiers: KnownIdentifier[]; totalCount: number }>> {
    const from = Number(page.after ?? 0);
    const found = await this.ask(
      `UNWIND $personIds AS id
       OPTIONAL MATCH (person:Person {id: id})
       CALL (person) {
         MATCH (one:Identifier)-[:IDENTIFIES]->(person) WHERE ${rows.isSeen("one")} AND one.kind IN $kinds
         WITH one ORDER BY ${kindOrder}, one.firstSeenAt, one.key
         WITH collect(one) AS ordered
         RETURN size(ordered) AS totalCount, ordered[$from..$until] AS part
       }
       RETURN id, totalCount, [one IN part | one {${rows.identifierFields}}] AS identifiers`,
      { personIds, kinds, from: int(from), until: int(from + page.limit) },
    );
    return new Map(
      found.map(({ id, totalCount, identifiers }) => [
        id as string,
        {
          identifiers: (identifiers as unknown[]).map((one) => rows.toIdentifier(one, id)),
          totalCount: totalCount as number,
        },
      ]),
    );
  }

  async namesOf(
    personIds: readonly string[],
    namespaces: readonly string[],
    limit: number,
  ): Promise<Map<string, RawIdentifier[]>> {
    if (namespaces.length === 0) return new Map();
    const found = await this.ask(
      `UNWIND $personIds AS id
       CALL (id) {
         MATCH (one:Identifier)-[:IDENTIFIES]->(:Person {id: id})
         WHERE ${rows.isSeen("one")} AND split(one.key, ':')[0] IN $namespaces
         WITH one ORDER BY ${kindOrder}, one.firstSeenAt, one.key LIMIT $limit
         RETURN collect(one.key) AS keys
       }
       RETURN id, keys`,
      { personIds, namespaces, limit: int(limit) },
    );
    return new Map(
      found.map(({ id, keys }) => [id as string, (keys as string[]).map(rows.nameOf)]),
    );
  }

  identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]> {
    return this.graph.read((tx) => identifiersOfPersons(tx, personIds));
  }

  async evidenceWithin(
    personIds: readonly string[],
    edgesMax: number,
  ): Promise<Map<string, Evidence[]>> {
    const found = await this.ask(
      `UNWIND $personIds AS id
       CALL (id) {
         MATCH (person:Person {id: id})<-[:IDENTIFIES]-(one:Identifier)
         MATCH (one)-[edge:SEEN_WITH]->(other:Identifier)
         WHERE EXISTS { (other)-[:IDENTIFIES]->(person) }
         RETURN edge LIMIT $edgesMax
       }
       RETURN id, collect(edge {${rows.evidenceFields}}) AS edges`,
      { personIds, edgesMax: int(edgesMax) },
    );
    return new Map(
      found.map(({ id, edges }) => [id as string, (edges as unknown[]).map(rows.toEvidence)]),
    );
  }

  devices(personIds: readonly string[], limit: number): Promise<Map<string, DeviceUse[]>> {
    return this.graph.read((tx) => devicesOfPersons(tx, personIds, limit));
  }

  async accounts(ids: readonly string[]): Promise<Map<string, AccountState>> {
    const found = await this.ask(
      `UNWIND $ids AS id
       MATCH (account:Account {id: id}) RETURN id, account {${rows.accountFields}} AS account`,
      { ids },
    );
    return new Map(found.map(({ id, account }) => [id as string, rows.toAccount(account)]));
  }

  async identifiersByKey(keys: readonly string[]): Promise<Map<string, KnownIdentifier>> {
    const found = await this.graph.read((tx) => identifiersByKey(tx, keys));
    return new Map(found.map((identifier) => [identifier.key, identifier]));
  }

  async sheetsOf(keys: readonly string[]): Promise<Map<string, FactSheet[]>> {
    const found = await this.ask(
      `UNWIND $keys AS key
       MATCH (sheet:FactSheet)-[:DESCRIBES]->(:Identifier {key: key})
       RETURN key, collect(sheet {${rows.sheetFields}}) AS sheets`,
      { keys },
    );
    return new Map(
      found.map(({ key, sheets }) => [key as string, (sheets as unknown[]).map(rows.toSheet)]),
    );
  }

  listPersons(listing: PersonListing, page: Page): Promise<PersonRow[]> {
    return this.graph.read((tx) => listPersons(tx, listing, page));
  }

  listAudit(listing: AuditListing, page: Page): Promise<{ entry: AuditEntry; sortKey: string }[]> {
    return this.graph.read((tx) => listAudit(tx, listing, page));
  }

  async auditEntries(ids: readonly string[]): Promise<Map<string, AuditEntry>> {
    const found = await this.ask(
      `UNWIND $ids AS id
       MATCH (entry:AuditEntry {id: id})
       RETURN id, entry.body AS body, entry.revertedBy AS revertedBy`,
      { ids },
    );
    return new Map(
      found.map(({ id, body, revertedBy }) => [id as string, rows.toAuditEntry(body, revertedBy)]),
    );
  }

  async decisionsOn(keys: readonly string[]): Promise<{ decision: Decision; inForce: boolean }[]> {
    const found = await this.ask<{ decision: unknown; inForce: boolean }>(
      `UNWIND $keys AS key
       MATCH (:Identifier {key: key})<-[:DECIDES]-(decision:Decision)
       WITH DISTINCT decision
       RETURN decision {${rows.decisionFields}} AS decision, decision.inForce AS inForce`,
      { keys },
    );
    return found.map(({ decision, inForce }) => ({ decision: rows.toDecision(decision), inForce }));
  }

  components(seedKeys: readonly string[], edgesMax: number): Promise<GraphComponent | null> {
    return this.graph.read((tx) => loadComponents(tx, seedKeys, edgesMax));
  }

  private ask<R extends GraphRow = GraphRow>(cypher: string, parameters: GraphRow): Promise<R[]> {
    return this.graph.read((tx) => tx.run<R>(cypher, parameters));
  }
}
