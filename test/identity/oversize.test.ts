import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fixedPolicy } from "../../subgraphs/identity/service/policy-in-force.ts";
import { EventResolver } from "../../subgraphs/identity/service/resolve-events.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { event, IdentityWorld, type Saying, unique } from "./identity-world.ts";
import { oversizeStories } from "./oversize-stories.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

test("given a component that is too large to look at, when a late event would need it, then everybody named is somebody and it heals", async () => {
  const store = new PostgresIdentityStore(world.platform.running.platform);
  const outcomes: boolean[] = [];
  const meter = {
    dropped: () => undefined,
    recomputed: (isDone: boolean) => void outcomes.push(isDone),
  };
  let position = 1_000_000;
  const resolve = (edgesMax: number, ...sayings: Saying[]) =>
    store.write((graph) =>
      new EventResolver(fixedPolicy(), meter, edgesMax).resolve(
        graph,
        sayings.map((saying) => {
          position += 1;
          return { position, at: new Date(), key: "", kind: "ACCEPTED", payload: event(saying) };
        }),
      ),
    );
  const [device, late, ...users] = Array.from({ length: 6 }, () => unique("x"));
  const second = (n: number) => `2026-01-01T00:00:0${n}.000Z`;
  const logins = users.map((user, n) => ({
    at: second(n + 2),
    ids: { user_id: user!, anonymous_id: device! },
  }));
  await resolve(1, ...logins);
  expect(outcomes).toEqual([]);
  await resolve(1, { at: second(1), ids: { user_id: late!, anonymous_id: device! } });
  expect(outcomes).toEqual([false]);
  expect(await world.personOf("user_id", late!)).toMatch(/^person_/);
  expect(await world.personOf("anonymous_id", device!)).toBe(
    await world.personOf("user_id", users[0]!),
  );
  await world.platform.settle();
  expect(await world.personOf("anonymous_id", device!)).toBe(
    await world.personOf("user_id", late!),
  );
});

oversizeStories("the graph in PostgreSQL", async () => world);
