import type { GraphDatabase } from "../../../kernel/graph/graph-database.ts";
import type { CensusTaker, GraphCensus } from "./graph-census.ts";
import { isSeen } from "./neo4j-rows.ts";

/** The census of the graph in Neo4j. */
export class Neo4jCensus implements CensusTaker {
  private readonly graph: GraphDatabase;

  constructor(graph: GraphDatabase) {
    this.graph = graph;
  }

  census(fromChangeId: string): Promise<GraphCensus> {
    return this.graph.read(async (tx) => {
      const sizes = await tx.run<{ size: number; count: number }>(
        `MATCH (person:Person) WHERE person.createdAt IS NOT NULL AND NOT person:Redirect
         WITH person.size AS size, count(*) AS count WHERE size > 0
         RETURN size, count ORDER BY size`,
        {},
      );
      const covered = await tx.run<{ namespace: string; persons: number; all: number }>(
        `MATCH (one:Identifier)-[:IDENTIFIES]->(person:Person) WHERE ${isSeen("one")}
         RETURN split(one.key, ':')[0] AS namespace, count(DISTINCT person) AS persons, count(*) AS all
         ORDER BY namespace`,
        {},
      );
      const changes = await tx.run<{ kind: string; count: number }>(
        `MATCH (entry:AuditEntry) WHERE entry.kind IN ['MERGE', 'SPLIT'] AND entry.id >= $fromChangeId
         RETURN entry.kind AS kind, count(*) AS count`,
        { fromChangeId },
      );
      const counted = new Map(changes.map(({ kind, count }) => [kind, Number(count)]));
      return {
        persons: sizes.reduce((sum, { count }) => sum + Number(count), 0),
        identifiers: covered.reduce((sum, { all }) => sum + Number(all), 0),
        sizes: sizes.map(({ size, count }) => ({ size: Number(size), count: Number(count) })),
        covered: covered.map(({ namespace, persons }) => ({ namespace, persons: Number(persons) })),
        merges: counted.get("MERGE") ?? 0,
        splits: counted.get("SPLIT") ?? 0,
      };
    });
  }
}
