import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fixedPolicy } from "../../subgraphs/identity/service/policy-in-force.ts";
import { EventResolver } from "../../subgraphs/identity/service/resolve-events.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { event, IdentityWorld, type Saying, unique } from "./identity-world.ts";
import { PolicyWords } from "./policy-words.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

test("given a component that is too large to look at, when a late event would need it, then everybody named is somebody and it heals", async () => {
  const { database, streams } = world.platform;
  const store = new PostgresIdentityStore(database, streams);
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

describe("given a policy that lets thirty ties hang together", () => {
  const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
  let policies: PolicyWords;
  beforeAll(async () => {
    policies = new PolicyWords(world);
    await policies.putInForce({ componentEdgesMax: 30 });
  });

  test("when somebody is tied to sixty devices, then the value that ties them becomes generic, the devices are somebody each, and the reason is told", async () => {
    const user = unique("bot");
    const devices = Array.from({ length: 60 }, () => unique("d"));
    const before = await world.head();
    await world.accept(
      ...devices.map((device, n) => ({
        at: second(n),
        ids: { user_id: user, anonymous_id: device },
      })),
    );
    const persons = await Promise.all(devices.map((each) => world.personOf("anonymous_id", each)));
    expect(new Set([...persons, await world.personOf("user_id", user)]).size).toBe(61);
    const { changes } = await world.announced(before);
    const parted = changes.filter(({ kind }) => kind === "SPLIT");
    expect(parted).toHaveLength(60);
    expect(new Set(parted.map(({ cause }) => cause.rule))).toEqual(new Set(["oversize_component"]));
    const metrics = await world.platform.running.platform.metrics.metrics();
    expect(metrics).toMatch(/^identity_oversize_values_total 1$/m);
    const { explainIdentity } = await world.ask<{
      explainIdentity: { refusals: { constraint: string; message: string }[] };
    }>(
      `query ($left: IdentifierInput!, $right: IdentifierInput!) {
        explainIdentity(left: $left, right: $right) { refusals { constraint message } }
      }`,
      {
        left: { namespace: "anonymous_id", value: devices[0] },
        right: { namespace: "anonymous_id", value: devices[1] },
      },
    );
    expect(explainIdentity.refusals).toEqual([
      {
        constraint: "OVERSIZE_COMPONENT",
        message: expect.stringContaining("user_id") as unknown as string,
      },
    ]);
    await world.accept({ at: second(99), ids: { user_id: user, anonymous_id: unique("d") } });
    expect(await world.personOf("user_id", user)).toBe(
      changes.find(({ kind }) => kind === "CREATE")!.personIds[0],
    );
  });

  test("when a chain of shared devices grows too long and a late event comes, then it is broken where most meets, and everybody is somebody", async () => {
    const users = Array.from({ length: 40 }, () => unique("u"));
    const devices = users.map(() => unique("kiosk"));
    await world.accept(
      ...users.flatMap((user, n) => [
        { at: second(2 * n + 10), ids: { user_id: user, device_id: devices[n]! } },
        { at: second(2 * n + 11), ids: { user_id: user, device_id: devices[(n + 1) % 40]! } },
      ]),
    );
    await world.accept({ at: second(1), ids: { user_id: users[3]!, device_id: devices[20]! } });
    const persons = await Promise.all(users.map((each) => world.personOf("user_id", each)));
    expect(new Set(persons).size).toBe(40);
    expect(persons).not.toContain(null);
    const generic = await world.platform.database.query(
      "select key from identity.identifiers where generic_cause = 'OVERSIZE_COMPONENT'",
    );
    expect(generic.length).toBeGreaterThan(1);
  });

  test("when the policy allows more again, then what was broken is one again", async () => {
    await policies.bringAbout(1);
    const generic = await world.platform.database.query(
      "select key from identity.identifiers where generic_cause is not null",
    );
    expect(generic).toEqual([]);
  });
});
