import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AudienceWorld, hourMs } from "./audience-world.ts";

describe("what identity changes do to memberships", () => {
  let world: AudienceWorld;
  beforeAll(async () => {
    world = await AudienceWorld.start();
    await world.audience("buyers", { event: { name: "order_completed" } });
    await world.audience("three", {
      event: { name: "visit", count: { atLeast: 3 }, within: "P1D" },
    });
    await world.audience("quiet", { not: { event: { name: "visit" } } });
  }, 120_000);
  afterAll(() => world?.stop());

  test("given two members, when they turn out to be one, then the old id exits and the survivor stays without a word", async () => {
    await world.create("person_a1", "email:a1");
    await world.create("person_a2", "email:a2");
    await world.happen(
      { key: "email:a1", person: "person_a1", name: "order_completed" },
      { key: "email:a2", person: "person_a2", name: "order_completed" },
    );
    expect(await world.members("buyers")).toEqual(["person_a1", "person_a2"]);
    const change = await world.merge("person_a1", "person_a2", "email:a2");
    expect(await world.members("buyers")).toEqual(["person_a1"]);
    const feed = (await world.feed("buyers")).slice(2);
    expect(feed).toHaveLength(1);
    expect(feed[0]).toMatchObject({ kind: "EXITED", personId: "person_a2" });
    expect(feed[0]!.cause.identityChangeId).toBe(change);
  });

  test("given visits spread over two persons, when they merge, then the survivor enters, and exits when they are split again", async () => {
    await world.create("person_b1", "email:b1");
    await world.create("person_b2", "email:b2");
    await world.happen(
      { key: "email:b1", person: "person_b1", name: "visit" },
      { key: "email:b2", person: "person_b2", name: "visit" },
      { key: "email:b2", person: "person_b2", name: "visit" },
    );
    expect(await world.members("three")).toEqual([]);
    await world.merge("person_b1", "person_b2", "email:b2");
    expect(await world.members("three")).toEqual(["person_b1"]);
    await world.split("person_b1", "person_b2", "email:b2");
    expect(await world.members("three")).toEqual([]);
    await world.happen({ key: "email:b2", person: "person_b2", name: "visit" });
    expect(await world.members("three")).toEqual(["person_b2"]);
  });

  test("given a person of whom nothing is known, when he appears, then he is in the audience of those who did nothing", async () => {
    await world.create("person_c", "anonymous_id:c");
    expect(await world.members("quiet")).toContain("person_c");
    await world.happen({ key: "anonymous_id:c", person: "person_c", name: "visit" });
    expect(await world.members("quiet")).not.toContain("person_c");
  });

  test("given an anonymous history, when its identifier comes to a known person, then it counts for him", async () => {
    await world.create("person_d1", "anonymous_id:d");
    await world.happen({ key: "anonymous_id:d", person: "person_d1", name: "order_completed" });
    await world.create("person_d2", "email:d");
    await world.change(
      "LINK",
      ["person_d2", "person_d1"],
      [["anonymous_id:d", "person_d1", "person_d2"]],
    );
    expect(await world.members("buyers")).toContain("person_d2");
    expect(await world.members("buyers")).not.toContain("person_d1");
  });

  test("given a person who is erased, when looked for, then he has exited and his facts are gone", async () => {
    await world.create("person_e", "email:e");
    await world.traits("person_e", { first_name: "Eve" });
    await world.happen({ key: "email:e", person: "person_e", name: "order_completed" });
    expect(await world.members("buyers")).toContain("person_e");
    await world.change("ERASE", ["person_e"], [["email:e", "person_e", null]]);
    expect(await world.members("buyers")).not.toContain("person_e");
    const rows = await world.platform.database.query(
      `select person_id from audiences.persons where person_id = 'person_e'
       union all select subject_key from audiences.event_facts where subject_key = 'email:e'
       union all select person_id from audiences.memberships where person_id = 'person_e'`,
    );
    expect(rows).toEqual([]);
  });

  test("given creation, events, merge and split in one batch, when taken in, then only what remains is told", async () => {
    const before = (await world.feed("three")).length;
    const run = await world.accept(
      { key: "email:f2", person: "person_f1", name: "visit" },
      { key: "email:f1", person: "person_f1", name: "visit" },
      { key: "email:f1", person: "person_f1", name: "visit" },
    );
    await world.inOneCommit(async () => {
      await world.create("person_f1", "email:f1");
      await world.create("person_f2", "email:f2");
      await world.merge("person_f1", "person_f2", "email:f2");
      await world.append([run]);
      await world.split("person_f1", "person_f2", "email:f2");
    });
    await world.members("three");
    const told = (await world.feed("three"))
      .slice(before)
      .filter((it) => it.personId.includes("_f"));
    expect(told.filter((it) => it.kind === "ENTERED").length).toBe(
      told.filter((it) => it.kind === "EXITED").length,
    );
    expect(await world.members("three")).not.toContain("person_f1");
  });

  test("given events dated in the future, more than are read at once, when their time comes, then they count", async () => {
    const now = world.clock.now().getTime();
    await world.audience("burst", {
      event: { name: "tick", count: { atLeast: 120 }, within: "P1D" },
    });
    await world.create("person_g", "email:g");
    await world.happen(
      ...Array.from({ length: 150 }, (_, index) => ({
        key: "email:g",
        person: "person_g",
        name: "tick",
        at: new Date(now + (index + 1) * 1_000),
      })),
    );
    expect(await world.members("burst")).toEqual([]);
    await world.advanceTo(now + 119_999);
    expect(await world.members("burst")).toEqual([]);
    await world.advanceTo(now + 140_000);
    expect(await world.members("burst")).toEqual(["person_g"]);
    expect((await world.feed("burst"))[0]!.occurredAt).toBe(new Date(now + 120_000).toISOString());
    await world.advanceTo(now + 30 * hourMs);
    expect(await world.members("burst")).toEqual([]);
    expect((await world.feed("burst"))[1]!.occurredAt).toBe(
      new Date(now + 24 * hourMs + 31_000).toISOString(),
    );
  });

  test("given hundreds of events of which few meet a condition on properties, when counted, then all of them are looked at", async () => {
    const now = world.clock.now().getTime();
    await world.audience("vip", {
      event: {
        name: "order",
        count: { atLeast: 2 },
        where: [{ property: "items.sku", is: { equals: "gold" } }],
      },
    });
    await world.create("person_h", "email:h", "user_id:h");
    await world.happen(
      ...Array.from({ length: 900 }, (_, index) => ({
        key: index % 2 === 0 ? "email:h" : "user_id:h",
        person: "person_h",
        name: "order",
        at: new Date(now - index * 1_000),
        properties: { items: [{ sku: "x" }, { sku: index === 500 ? "gold" : "y" }] },
      })),
    );
    expect(await world.members("vip")).toEqual([]);
    await world.happen({
      key: "user_id:h",
      person: "person_h",
      name: "order",
      at: new Date(now - 800_500),
      properties: { items: [{ sku: "gold" }] },
    });
    expect(await world.members("vip")).toEqual(["person_h"]);
  });

  test("given pages and hostile names, when they come in, then pages count by name and nothing breaks", async () => {
    await world.audience("pricing", { event: { type: "PAGE", name: "Pricing" } });
    await world.audience("any-page", { event: { type: "PAGE", count: { atLeast: 2 } } });
    await world.create("person_i", "email:i");
    await world.happen(
      { key: "email:i", person: "person_i", name: "Pricing", type: "PAGE" },
      { key: "email:i", person: "person_i", name: null, type: "PAGE" },
      { key: "email:i", person: "person_i", name: "a\0b" },
      { key: "email:i", person: "person_i", name: "x".repeat(30_000) },
      { key: "email:i", person: "person_i", name: "\ud800", properties: { text: "\ud800\0" } },
      { key: "email:i", person: "person_i", name: "nul", properties: { text: "\ud800\0" } },
    );
    expect(await world.members("pricing")).toEqual(["person_i"]);
    expect(await world.members("any-page")).toEqual(["person_i"]);
    const parked = await world.platform.database.query("select * from streams.parked");
    expect(parked).toEqual([]);
  });
});
