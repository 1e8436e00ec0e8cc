import { beforeAll, describe, expect, test } from "@jest/globals";
import { type IdentityWorld, unique } from "./identity-world.ts";
import { PolicyWords } from "./policy-words.ts";

/** What becomes of components that are too large, whatever the graph is kept in. */
export function oversizeStories(name: string, start: () => Promise<IdentityWorld>): void {
  describe(`${name}, given a policy that lets thirty ties hang together`, () => {
    let world: IdentityWorld;
    const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
    let policies: PolicyWords;
    const user = unique("bot");
    const devices = Array.from({ length: 60 }, () => unique("d"));
    const brokenValues = async () => {
      const text = await world.platform.running.platform.metrics.metrics();
      return Number(/^identity_oversize_values_total (\d+)$/m.exec(text)?.[1]);
    };
    beforeAll(async () => {
      world = await start();
      policies = new PolicyWords(world);
      await policies.putInForce({ componentEdgesMax: 30 });
    });

    test("when somebody is tied to sixty devices, then the value that ties them becomes generic, the devices are somebody each, and the reason is told", async () => {
      const before = await world.head();
      await world.accept(
        ...devices.map((device, n) => ({
          at: second(n),
          ids: { user_id: user, anonymous_id: device },
        })),
      );
      const persons = await Promise.all(
        devices.map((each) => world.personOf("anonymous_id", each)),
      );
      expect(new Set([...persons, await world.personOf("user_id", user)]).size).toBe(61);
      const { changes } = await world.announced(before);
      const parted = changes.filter(({ kind }) => kind === "SPLIT");
      expect(parted).toHaveLength(60);
      expect(new Set(parted.map(({ cause }) => cause.rule))).toEqual(
        new Set(["oversize_component"]),
      );
      expect(await brokenValues()).toBe(1);
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
      const kiosks = users.map(() => unique("kiosk"));
      await world.accept(
        ...users.flatMap((user, n) => [
          { at: second(2 * n + 10), ids: { user_id: user, device_id: kiosks[n]! } },
          { at: second(2 * n + 11), ids: { user_id: user, device_id: kiosks[(n + 1) % 40]! } },
        ]),
      );
      await world.accept({ at: second(1), ids: { user_id: users[3]!, device_id: kiosks[20]! } });
      const persons = await Promise.all(users.map((each) => world.personOf("user_id", each)));
      expect(new Set(persons).size).toBe(40);
      expect(persons).not.toContain(null);
      expect(await brokenValues()).toBeGreaterThan(2);
    });

    test("when the policy allows more again, then what was broken is one again", async () => {
      await policies.bringAbout(1);
      const persons = await Promise.all(
        devices.map((each) => world.personOf("anonymous_id", each)),
      );
      expect(new Set([...persons, await world.personOf("user_id", user)]).size).toBe(1);
    });
  });
}
