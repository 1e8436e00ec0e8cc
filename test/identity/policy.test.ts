import { afterAll, beforeAll } from "@jest/globals";
import { IdentityWorld } from "./identity-world.ts";
import { policyStories } from "./policy-stories.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

policyStories("the identity policy", async () => world);
