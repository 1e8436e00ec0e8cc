import { afterAll, beforeAll, describe } from "@jest/globals";
import { IdentityWorld } from "../identity-world.ts";
import { neo4jUri, openEmptyGraph } from "../neo4j-world.ts";
import { arrivalInvariants } from "./arrival.ts";
import { joiningInvariants } from "./joining.ts";
import { leakingInvariants } from "./leaking.ts";
import { takingApartInvariants } from "./taking-apart.ts";

describe("the invariants of identity, with the graph in Neo4j", () => {
  let world: IdentityWorld;
  const open = () => world;
  beforeAll(async () => {
    await (await openEmptyGraph()).close();
    world = await IdentityWorld.start({ NEO4J_URI: neo4jUri() });
  }, 120_000);
  afterAll(() => world?.stop());
  arrivalInvariants(open);
  joiningInvariants(open);
  takingApartInvariants(open);
  leakingInvariants(open);
});
