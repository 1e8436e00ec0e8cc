import { afterAll } from "@jest/globals";
import type { GraphDatabase } from "../../kernel/graph/graph-database.ts";
import { openReader } from "../../subgraphs/identity/module.ts";
import { ErasureWorld } from "./erasure-world.ts";
import { erasureStories } from "./erasure-stories.ts";
import { neo4jUri, openEmptyGraph, openGraph } from "./neo4j-world.ts";

let graph: GraphDatabase;

afterAll(() => graph?.close());

/** Every property of every node and relationship. */
async function graphTraces(values: readonly string[]): Promise<string[]> {
  const found = await graph.read((tx) =>
    tx.run<{ place: string; texts: unknown[] }>(
      `MATCH (n) RETURN head(labels(n)) AS place, [k IN keys(n) | toStringOrNull(n[k])]
         + reduce(all = [], k IN keys(n) | all + CASE WHEN n[k] IS :: LIST<STRING> THEN n[k] ELSE [] END)
         AS texts
       UNION ALL
       MATCH ()-[r]->() RETURN type(r) AS place, [k IN keys(r) | toStringOrNull(r[k])]
         + reduce(all = [], k IN keys(r) | all + CASE WHEN r[k] IS :: LIST<STRING> THEN r[k] ELSE [] END)
         AS texts`,
    ),
  );
  return found.flatMap(({ place, texts }) =>
    values
      .filter((value) => JSON.stringify(texts).toLowerCase().includes(value.toLowerCase()))
      .map((value) => `${place}: ${value} in ${JSON.stringify(texts)}`),
  );
}

erasureStories(
  async () => {
    await (await openEmptyGraph()).close();
    graph = await openGraph();
    return ErasureWorld.start({ NEO4J_URI: neo4jUri() });
  },
  async ({ platform }) => openReader(platform.database, graph),
  graphTraces,
);
