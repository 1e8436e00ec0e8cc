import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { IdentityWorld, unique } from "./identity-world.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

describe("events become persons", () => {
  test("given an anonymous visitor, when she logs in, then what she did before is hers", async () => {
    const [anonymous, user] = [unique("a"), unique("u")];
    const before = await world.head();
    await world.accept({ type: "TRACK", name: "Seen", ids: { anonymous_id: anonymous } });
    const visitor = await world.personOf("anonymous_id", anonymous);
    await world.accept({
      at: "2026-01-02T00:00:00.000Z",
      ids: { user_id: user, anonymous_id: anonymous },
      traits: { first_name: "Ana" },
    });
    expect(visitor).toMatch(/^person_/);
    expect(await world.personOf("user_id", user)).toBe(visitor);
    const { kinds, changes, profiles, resolved } = await world.announced(before);
    expect(kinds).toEqual(["CHANGE", "PROFILE", "RESOLVED", "CHANGE", "PROFILE", "RESOLVED"]);
    expect(changes.map(({ kind }) => kind)).toEqual(["CREATE", "LINK"]);
    expect(changes[1]!.moves).toEqual([
      { namespace: "user_id", value: user, kind: "PERSON", from: null, to: visitor },
    ]);
    expect(profiles[1]).toMatchObject({ personId: visitor, traits: { first_name: "Ana" } });
    expect(resolved[1]!.subjects[0]).toMatchObject({
      subjectKey: `user_id:${user}`,
      personId: visitor,
    });
  });

  test("given identifiers as long as they may be, when an event names several, then they are one person's, and longer ones nobody's", async () => {
    const signs = (count: number) =>
      String.fromCodePoint(
        ...Array.from({ length: count }, () => 0x4e00 + Math.floor(Math.random() * 20_000)),
      );
    const [anonymous, user, device] = [signs(341), signs(341), signs(500)];
    await world.accept({ ids: { user_id: user, anonymous_id: anonymous, device_id: device } });
    expect(await world.personOf("user_id", user)).toMatch(/^person_/);
    expect(await world.personOf("anonymous_id", anonymous)).toMatch(/^person_/);
    expect(await world.personOf("device_id", device)).toBeNull();
  });

  test("given a shared device, when two people log in, then they stay two and the first has it", async () => {
    const [anonymous, a, b] = [unique("a"), unique("u"), unique("u")];
    await world.accept(
      { at: "2026-01-03T00:00:00.000Z", ids: { user_id: b, anonymous_id: anonymous } },
      { at: "2026-01-02T00:00:00.000Z", ids: { user_id: a, anonymous_id: anonymous } },
      { at: "2026-01-01T00:00:00.000Z", type: "PAGE", ids: { anonymous_id: anonymous } },
    );
    const [first, second] = [
      await world.personOf("user_id", a),
      await world.personOf("user_id", b),
    ];
    expect(first).not.toBe(second);
    expect(await world.personOf("anonymous_id", anonymous)).toBe(first);
  });

  test("given two visitors, when one login names both, then they are one person under the older id", async () => {
    const [x, y, user] = [unique("a"), unique("a"), unique("u")];
    await world.accept(
      { at: "2026-01-01T00:00:00.000Z", ids: { anonymous_id: x } },
      { at: "2026-01-02T00:00:00.000Z", ids: { anonymous_id: y } },
    );
    const [older, newer] = [
      await world.personOf("anonymous_id", x),
      await world.personOf("anonymous_id", y),
    ];
    await world.accept(
      { at: "2026-01-03T00:00:00.000Z", ids: { user_id: user, anonymous_id: y } },
      { at: "2026-01-03T00:00:01.000Z", ids: { user_id: user, anonymous_id: x } },
    );
    expect(await world.personOf("anonymous_id", y)).toBe(older);
    const { person } = await world.ask<{ person: { id: string; redirectedFrom: string[] } }>(
      "query ($id: ID!) { person(by: { id: $id }) { id redirectedFrom } }",
      { id: newer },
    );
    expect(person).toEqual({ id: older, redirectedFrom: [newer] });
  });
});
