import { afterAll, beforeAll, describe } from "@jest/globals";
import { IdentityWorld } from "../identity-world.ts";
import { arrivalInvariants } from "./arrival.ts";
import { joiningInvariants } from "./joining.ts";
import { leakingInvariants } from "./leaking.ts";
import { takingApartInvariants } from "./taking-apart.ts";

/** On PGlite; with TEST_DATABASE_URL on PostgreSQL. What stands elsewhere is in README.md. */
describe("the invariants of identity", () => {
  let world: IdentityWorld;
  const open = () => world;
  beforeAll(async () => {
    world = await IdentityWorld.start();
  }, 120_000);
  afterAll(() => world?.stop());
  arrivalInvariants(open);
  joiningInvariants(open);
  takingApartInvariants(open);
  leakingInvariants(open);
});
