import { IdentityWorld } from "./identity-world.ts";
import { neo4jUri, openEmptyGraph } from "./neo4j-world.ts";
import { policyStories } from "./policy-stories.ts";

policyStories("the identity policy, the graph in Neo4j", async () => {
  await (await openEmptyGraph()).close();
  return IdentityWorld.start({ NEO4J_URI: neo4jUri() });
});
