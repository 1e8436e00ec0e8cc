import { afterAll, beforeAll } from "@jest/globals";
import { eventRecordStories } from "./event-record-stories.ts";
import { IdentityWorld } from "./identity-world.ts";
import { neo4jUri, openEmptyGraph } from "./neo4j-world.ts";
import { matchingStories } from "./matching-stories.ts";
import { recordStories } from "./record-stories.ts";

let world: IdentityWorld;
beforeAll(async () => {
  await (await openEmptyGraph()).close();
  world = await IdentityWorld.start({ NEO4J_URI: neo4jUri() });
}, 120_000);
afterAll(() => world?.stop());

recordStories("records, the graph in Neo4j", async () => world);
eventRecordStories("records of events, the graph in Neo4j", async () => world);
matchingStories("matching records, the graph in Neo4j", async () => world);
