import { afterAll, beforeAll } from "@jest/globals";
import { IdentityWorld } from "./identity-world.ts";
import { eventRecordStories } from "./event-record-stories.ts";
import { matchingStories } from "./matching-stories.ts";
import { recordStories } from "./record-stories.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

recordStories("records", async () => world);
eventRecordStories("records of events", async () => world);
matchingStories("matching records before any training", async () => world);
