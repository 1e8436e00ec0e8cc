import { asOfStories } from "./as-of-stories.ts";
import { IdentityWorld } from "./identity-world.ts";
import { neo4jUri, openEmptyGraph } from "./neo4j-world.ts";

asOfStories(async () => {
  await (await openEmptyGraph()).close();
  return IdentityWorld.start({ NEO4J_URI: neo4jUri() });
});
