import { afterAll, beforeAll } from "@jest/globals";
import { IdentityWorld } from "./identity-world.ts";
import { limitWindowStories } from "./limit-window-stories.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

limitWindowStories("limits with windows", async () => world);
