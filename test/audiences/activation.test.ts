import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AudienceWorld, hourMs } from "./audience-world.ts";

const personOf = (index: number) => `person_${String(index).padStart(5, "0")}`;

async function populate(world: AudienceWorld, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await world.create(personOf(index), `user_id:${index}`);
  await world.happen(
    ...Array.from({ length: count }, (_, index) => ({
      key: `user_id:${index}`,
      person: personOf(index),
      name: index % 2 === 0 ? "even" : "odd",
      properties: { index },
    })),
  );
  await world.settle();
}

describe("activation", () => {
  const count = 620;
  let world: AudienceWorld;
  beforeAll(async () => {
    world = await AudienceWorld.start();
    await populate(world, count);
  }, 120_000);
  afterAll(() => world?.stop());

  test("given history that is there already, when an audience is activated, then it counts it at once", async () => {
    await world.audience("even", { event: { name: "even" } });
    expect((await world.members("even")).length).toBe(count / 2);
  });

  test("given a draft, when a version is added, then nobody enters or exits before it is activated", async () => {
    const { addAudienceVersion } = await world.ask<{ addAudienceVersion: unknown }>(
      `mutation($input: AddAudienceVersionInput!) { addAudienceVersion(input: $input) {
        audience { activeVersion { number } versions { number state } } problems { code } } }`,
      {
        input: {
          name: "even",
          rule: { event: { name: "even", where: [{ property: "index", is: { lessThan: 100 } }] } },
        },
      },
    );
    expect(addAudienceVersion).toEqual({
      audience: {
        activeVersion: { number: 1 },
        versions: [
          { number: 1, state: "ACTIVE" },
          { number: 2, state: "DRAFT" },
        ],
      },
      problems: [],
    });
    expect((await world.members("even")).length).toBe(count / 2);
  });

  test("given a new version in force, when compared, then only the differences were announced", async () => {
    const before = (await world.feed("even")).length;
    const { activateAudience } = await world.activate("even", 2);
    expect(activateAudience).toMatchObject({
      audience: { activeVersion: { number: 2, state: "ACTIVE" } },
      problems: [],
    });
    expect(await world.members("even")).toHaveLength(50);
    const changes = (await world.feed("even")).slice(before);
    expect(changes).toHaveLength(count / 2 - 50);
    expect(changes.every((each) => each.kind === "EXITED" && each.version === 2)).toBe(true);
    const again = await world.activate("even", 2);
    expect(again.activateAudience).toMatchObject({
      audience: { activeVersion: { number: 2, state: "ACTIVE" } },
      problems: [],
    });
    expect((await world.feed("even")).length).toBe(before + changes.length);
    const unknown = await world.activate("even", 3);
    expect(unknown.activateAudience.problems[0]).toMatchObject({ code: "VERSION_NOT_FOUND" });
  });

  test("given events and merges while an audience is being activated, when both are done, then nothing is lost or doubled", async () => {
    const activated = world.audience("odd-or-late", {
      any: [{ event: { name: "odd" } }, { event: { name: "late" } }],
    });
    for (let index = 0; index < 40; index += 2) {
      await world.happen({ key: `user_id:${index}`, person: personOf(index), name: "late" });
      await world.merge(personOf(600 - index), personOf(601 - index), `user_id:${601 - index}`);
      await world.create(`person_new${index}`, `email:${index}`);
    }
    await activated;
    const odd = Array.from({ length: count / 2 }, (_, index) => index * 2 + 1);
    const expected = new Set(odd.map(personOf));
    for (let index = 0; index < 40; index += 2) {
      expected.add(personOf(index));
      expected.add(personOf(600 - index));
      expected.delete(personOf(601 - index));
    }
    expect(await world.members("odd-or-late")).toEqual([...expected].sort());
  });

  test("given an interruption in the middle, when it goes on, then it takes up where it was", async () => {
    let pages = 0;
    const { append } = world.platform.streams;
    world.platform.streams.append = async (transaction, name, entries) => {
      await append.call(world.platform.streams, transaction, name, entries);
      pages += 1;
      if (pages === 2) throw new Error("the process was cut off before its commit");
    };
    await world.audience("everybody", { not: { event: { name: "never" } } });
    world.platform.streams.append = append;
    expect(pages).toBeGreaterThanOrEqual(2);
    const feed = await world.feed("everybody");
    expect(await world.members("everybody")).toHaveLength(feed.length);
    expect(feed.length).toBe(count);
  });

  test("given an audience that is switched off, when looked at, then everybody has left and nobody enters", async () => {
    const { deactivateAudience } = await world.ask<{ deactivateAudience: unknown }>(
      `mutation { deactivateAudience(input: { name: "everybody" }) {
        audience { memberCount activeVersion { number } versions { state } } problems { code } } }`,
    );
    expect(deactivateAudience).toEqual({
      audience: { memberCount: 0, activeVersion: null, versions: [{ state: "RETIRED" }] },
      problems: [],
    });
    await world.create("person_after", "email:after");
    expect(await world.members("everybody")).toEqual([]);
    await world.activate("everybody", 1);
    expect(await world.members("everybody")).toContain("person_after");
  });

  test("given time that passes while a window's audience is a draft, when activated, then windows end where they should", async () => {
    const at = world.clock.now().getTime();
    await world.happen({ key: "user_id:7", person: personOf(7), name: "ping" });
    await world.settle();
    await world.advanceTo(at + hourMs);
    await world.audience("pinged", { event: { name: "ping", within: "PT2H" } });
    expect(await world.members("pinged")).toEqual([personOf(7)]);
    await world.advanceTo(at + 2 * hourMs);
    expect(await world.members("pinged")).toEqual([]);
    expect((await world.feed("pinged")).at(-1)!.occurredAt).toBe(
      new Date(at + 2 * hourMs).toISOString(),
    );
  });
});
