import { afterAll, beforeAll } from "@jest/globals";
import { IdentityWorld } from "./identity-world.ts";
import { limitWindowStories } from "./limit-window-stories.ts";
import { neo4jUri, openEmptyGraph } from "./neo4j-world.ts";
import { oversizeStories } from "./oversize-stories.ts";
import { policyStories } from "./policy-stories.ts";

let world: IdentityWorld;
beforeAll(async () => {
  await (await openEmptyGraph()).close();
  world = await IdentityWorld.start({ NEO4J_URI: neo4jUri() });
}, 120_000);
afterAll(() => world?.stop());

policyStories("the identity policy, the graph in Neo4j", async () => world);
oversizeStories("the graph in Neo4j", async () => world);
limitWindowStories("limits with windows, the graph in Neo4j", async () => world);
