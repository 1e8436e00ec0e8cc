import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { IdentityWorld } from "./identity-world.ts";

/** Who somebody was; true in every layout. */
export function asOfStories(start: () => Promise<IdentityWorld>): void {
  let world: IdentityWorld;

  beforeAll(async () => {
    world = await start();
  }, 60_000);

  afterAll(() => world.stop());

  const at = (day: number) => `2026-02-${String(day).padStart(2, "0")}T12:00:00.000Z`;

  interface Past {
    id: string;
    identifiers: { totalCount: number; nodes: { value: string; confidence: number }[] };
    traits: { name: string; value: unknown }[];
  }

  async function personAsOf(by: object, asOf: string): Promise<Past | null> {
    const { person } = await world.ask<{ person: Past | null }>(
      `query ($by: PersonBy!, $asOf: DateTime!) { person(by: $by, asOf: $asOf) {
         id identifiers(first: 50) { totalCount nodes { value confidence } } traits { name value } } }`,
      { by, asOf },
    );
    return person;
  }

  const by = (namespace: string, value: string) => ({ identifier: { namespace, value } });
  const values = (past: Past | null) => past?.identifiers.nodes.map(({ value }) => value).sort();
  const traits = (past: Past | null) =>
    Object.fromEntries((past?.traits ?? []).map(({ name, value }) => [name, value]));

  test("given a profile that grew, when asked as of a day, then it has what it had then, in any order of arrival", async () => {
    await world.accept(
      { ids: { user_id: "grew", email: "grew@example.com" }, at: at(5), traits: { city: "Porto" } },
      { ids: { user_id: "grew", anonymous_id: "grew-anon" }, at: at(9), traits: { city: "Faro" } },
      { ids: { user_id: "grew" }, at: at(3), traits: { city: "Braga", tier: "gold" } },
    );
    expect(await personAsOf(by("user_id", "grew"), at(2))).toBeNull();
    const early = await personAsOf(by("user_id", "grew"), at(4));
    expect([values(early), traits(early)]).toEqual([["grew"], { city: "Braga", tier: "gold" }]);
    const middle = await personAsOf(by("user_id", "grew"), at(6));
    expect(values(middle)).toEqual(["grew", "grew@example.com"]);
    expect(traits(middle)).toEqual({ city: "Porto", tier: "gold" });
    const late = await personAsOf(by("email", "grew@example.com"), at(10));
    expect(values(late)).toEqual(["grew", "grew-anon", "grew@example.com"]);
    expect(traits(late)).toEqual({ city: "Faro", tier: "gold" });
    expect(await personAsOf(by("anonymous_id", "grew-anon"), at(6))).toBeNull();
  });

  test("given two that became one, when asked as of before, then each is there under the id it had", async () => {
    await world.accept({ ids: { anonymous_id: "one-a" }, at: at(1) });
    await world.accept({ ids: { email: "two-b@example.com" }, at: at(2) });
    const [a, b] = [
      await world.personOf("anonymous_id", "one-a"),
      await world.personOf("email", "two-b@example.com"),
    ];
    await world.accept({ ids: { anonymous_id: "one-a", email: "two-b@example.com" }, at: at(4) });
    expect(await world.personOf("email", "two-b@example.com")).toBe(a);
    const before = await personAsOf(by("email", "two-b@example.com"), at(3));
    expect([before?.id, values(before)]).toEqual([b, ["two-b@example.com"]]);
    expect((await personAsOf({ id: b }, at(3)))?.id).toBe(b);
    expect(values(await personAsOf({ id: a }, at(3)))).toEqual(["one-a"]);
    expect((await personAsOf({ id: b }, at(5)))?.id).toBe(a);
  });

  test("given a phone that was recycled, when asked as of each time, then it tells both", async () => {
    const phone = "+351912345678";
    await world.accept(
      { ids: { user_id: "x-first", phone }, at: at(1) },
      { ids: { user_id: "x-first", phone }, at: at(3) },
      { ids: { user_id: "y-second", phone }, at: at(10) },
    );
    expect(values(await personAsOf(by("phone", phone), at(5)))).toEqual([phone, "x-first"]);
    expect(values(await personAsOf(by("phone", phone), at(11)))).toEqual([phone, "y-second"]);
    expect(values(await personAsOf(by("user_id", "x-first"), at(11)))).toEqual(["x-first"]);
  });

  test("given a merge by hand that was taken back, when asked as of between, then they were one", async () => {
    await world.accept({ ids: { user_id: "hand-a" }, at: at(1) });
    await world.accept({ ids: { user_id: "hand-b" }, at: at(1) });
    const [into, from] = [
      await world.personOf("user_id", "hand-a"),
      await world.personOf("user_id", "hand-b"),
    ];
    const { clock } = world.platform;
    const apart = clock.now().toISOString();
    clock.advanceMs(1_000);
    const { mergePersons } = await world.ask<{ mergePersons: { change: { id: string } } }>(
      `mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { change { id } } }`,
      { input: { into, from: [from], reason: "the same" } },
    );
    clock.advanceMs(1_000);
    const together = clock.now().toISOString();
    clock.advanceMs(1_000);
    await world.ask(
      `mutation ($input: RevertIdentityChangeInput!) { revertIdentityChange(input: $input) { change { id } } }`,
      { input: { change: mergePersons.change.id, reason: "they are not" } },
    );
    clock.advanceMs(1_000);
    const again = clock.now().toISOString();
    const seen = await Promise.all(
      [apart, together, again].map(async (asOf) =>
        values(await personAsOf(by("user_id", "hand-a"), asOf)),
      ),
    );
    expect(seen).toEqual([["hand-a"], ["hand-a", "hand-b"], ["hand-a"]]);
  });

  test("given the present instant, then the past agrees with the present, confidence and all", async () => {
    await world.accept({ ids: { user_id: "now-a", email: "now-a@example.com" }, at: at(1) });
    const past = await personAsOf(by("user_id", "now-a"), "2026-07-01T00:00:00.000Z");
    const { person } = await world.ask<{ person: Past }>(
      `query ($by: PersonBy!) { person(by: $by) {
         id identifiers(first: 50) { totalCount nodes { value confidence } } traits { name value } } }`,
      { by: by("user_id", "now-a") },
    );
    expect(past).toEqual(person);
  });
}
