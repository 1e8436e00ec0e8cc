import { afterAll } from "@jest/globals";
import type { GraphDatabase } from "../../kernel/graph/graph-database.ts";
import { openReader } from "../../subgraphs/identity/module.ts";
import { IdentityWorld } from "./identity-world.ts";
import { neo4jUri, openEmptyGraph, openGraph } from "./neo4j-world.ts";
import { rebuildStories } from "./rebuild-stories.ts";

let graph: GraphDatabase;

afterAll(() => graph?.close());

rebuildStories(
  async () => {
    await (await openEmptyGraph()).close();
    graph = await openGraph();
    return IdentityWorld.start({ NEO4J_URI: neo4jUri() });
  },
  async ({ platform }) => openReader(platform.database, graph),
);
