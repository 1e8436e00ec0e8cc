import { int } from "neo4j-driver";
import type { GraphDatabase, GraphRow } from "../../../kernel/graph/graph-database.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { NamespaceUse } from "../domain/policy-change.ts";
import type { GraphScan, ScannedIdentifier } from "./graph-scan.ts";
import { evidenceAt } from "./neo4j-components.ts";

/** See `GraphScan`; each page is read along an index. */
export class Neo4jScan implements GraphScan {
  private readonly graph: GraphDatabase;

  constructor(graph: GraphDatabase) {
    this.graph = graph;
  }

  async identifiers(afterKey: string, limit: number): Promise<ScannedIdentifier[]> {
    const found = await this.ask(
      `MATCH (identifier:Identifier) WHERE identifier.key > $afterKey
       WITH identifier ORDER BY identifier.key LIMIT $limit
       OPTIONAL MATCH (identifier)-[:IDENTIFIES]->(person:Person)
       RETURN identifier.key AS key, coalesce(identifier.generic, false) AS generic, person.id AS personId,
         CASE WHEN person IS NULL THEN null ELSE coalesce(person.policyVersion, 1) END
           AS policyVersion
       ORDER BY key`,
      { afterKey, limit: int(limit) },
    );
    return found as unknown as ScannedIdentifier[];
  }

  genericKeys(afterKey: string, limit: number): Promise<string[]> {
    return this.texts(
      `MATCH (identifier:Identifier) WHERE identifier.key > $afterKey AND identifier.generic
       RETURN identifier.key AS text ORDER BY text LIMIT $limit`,
      { afterKey, limit: int(limit) },
    );
  }

  personIds(afterId: string, limit: number): Promise<string[]> {
    return this.texts(
      `MATCH (person:Person) WHERE person.id > $afterId AND NOT person:Redirect
         AND person.createdAt IS NOT NULL
       RETURN person.id AS text ORDER BY text LIMIT $limit`,
      { afterId, limit: int(limit) },
    );
  }

  unsettled(limit: number): Promise<string[]> {
    return this.texts(
      `MATCH (person:Unsettled) WHERE NOT person:Redirect
       RETURN person.id AS text ORDER BY text LIMIT $limit`,
      { limit: int(limit) },
    );
  }

  keysOf(personId: string, afterKey: string, limit: number): Promise<string[]> {
    return this.texts(
      `MATCH (identifier:Identifier)-[:IDENTIFIES]->(:Person {id: $personId})
       WHERE identifier.key > $afterKey
       RETURN identifier.key AS text ORDER BY text LIMIT $limit`,
      { personId, afterKey, limit: int(limit) },
    );
  }

  busiest(personId: string, limit: number): Promise<string[]> {
    return this.texts(
      `MATCH (identifier:Identifier)-[:IDENTIFIES]->(:Person {id: $personId})
       WHERE NOT coalesce(identifier.generic, false)
       RETURN identifier.key AS text, COUNT { (identifier)-[:SEEN_WITH]-() } AS ties
       ORDER BY ties DESC, text LIMIT $limit`,
      { personId, limit: int(limit) },
    );
  }

  evidenceAt(key: string, limit: number): Promise<Evidence[]> {
    return this.graph.read((tx) => evidenceAt(tx, key, limit));
  }

  countIdentifiers(): Promise<number> {
    return this.count("MATCH (n:Identifier) RETURN count(n) AS count");
  }

  countPersons(): Promise<number> {
    return this.count(
      "MATCH (n:Person) WHERE NOT n:Redirect AND n.createdAt IS NOT NULL RETURN count(n) AS count",
    );
  }

  async namespaceUse(namespace: string): Promise<NamespaceUse> {
    const keys = {
      from: `${namespace}:`,
      to: `${namespace};`,
      plus: `${namespace}:+`,
    };
    const inNamespace = "MATCH (n:Identifier) WHERE n.key >= $from AND n.key < $to";
    const [any, national] = await Promise.all([
      this.ask(`${inNamespace} RETURN n.key AS key LIMIT 1`, keys),
      this.ask(`${inNamespace} AND NOT n.key STARTS WITH $plus RETURN n.key AS key LIMIT 1`, keys),
    ]);
    return { isUsed: any.length > 0, hasNationalNumbers: national.length > 0 };
  }

  private async texts(cypher: string, values: GraphRow): Promise<string[]> {
    return (await this.ask(cypher, values)).map(({ text }) => text as string);
  }

  private async count(cypher: string): Promise<number> {
    const [row] = await this.ask(cypher, {});
    return row!.count as number;
  }

  private ask(cypher: string, values: GraphRow): Promise<GraphRow[]> {
    return this.graph.read((tx) => tx.run<GraphRow>(cypher, values));
  }
}
