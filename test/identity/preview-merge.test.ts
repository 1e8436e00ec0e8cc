import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PreviewWorld, type Standing, unique } from "./preview-world.ts";

let world: PreviewWorld;
beforeAll(async () => {
  world = await PreviewWorld.start();
  await world.purpose("marketing");
  const bought = (atLeast: number) => ({
    event: { name: "bought", count: { atLeast }, within: "P30D" },
  });
  await world.audience("buyers", bought(1));
  await world.audience("regulars", bought(2));
  await world.audience("never-bought", { not: bought(1) });
  await world.audience("germans", { trait: { name: "country", is: { equals: "DE" } } });
}, 120_000);
afterAll(() => world?.stop());

const names = (list: { name: string }[]) => list.map(({ name }) => name).sort();

async function customer(country: string, purchases: number, consent: string | null) {
  world.platform.clock.advanceMs(1_000);
  const [contact, email] = [unique("003"), `${unique("e")}@example.org`];
  const context = { traits: { country }, externalIds: [{ type: "crm_contact_id", id: contact }] };
  const ids = { userId: unique("u"), context: { ...context, traits: { country, email } } };
  const identify = { type: "IDENTIFY", ...ids };
  const buys = Array.from({ length: purchases }, () => ({
    type: "TRACK",
    event: "bought",
    userId: ids.userId,
  }));
  await world.send(identify, ...buys);
  if (consent) await world.consent("email", email, "marketing", consent);
  await world.platform.settle();
  return { email, userId: ids.userId, id: await world.personOf("user_id", ids.userId) };
}

/** What `previewMerge` should say, told from how both stood and how the merged one stands. */
function told(before: Standing[], after: Standing) {
  const [into] = before;
  const had = new Set(before.flatMap(({ audiences }) => audiences));
  return {
    entered: after.audiences.filter((name) => !into!.audiences.includes(name)),
    left: [...had].filter((name) => !after.audiences.includes(name)).sort(),
    traits: after.traits,
    decisions: Object.entries(after.decisions).map(([use, outcome]) => ({
      use,
      before: into!.decisions[use],
      after: outcome,
    })),
  };
}

test("given two customers, when a merge is previewed and then made, then it did what the preview said, and the preview did nothing", async () => {
  type Case = [string, number, string | null];
  const cases: { into: Case; from: Case }[] = [
    { into: ["DE", 1, "GRANT"], from: ["PT", 1, "WITHDRAW"] },
    { into: ["PT", 0, null], from: ["DE", 2, "GRANT"] },
    { into: ["PT", 0, "WITHDRAW"], from: ["DE", 0, null] },
    { into: ["DE", 3, "GRANT"], from: ["PT", 0, "GRANT"] },
  ];
  for (const { into, from } of cases) {
    const a = await customer(...into);
    const b = await customer(...from);
    const before = [await world.standing(a.id), await world.standing(b.id)];
    const head = await world.platform.streams.head("identity");
    const preview = await world.previewMerge(a.id, [b.id]);
    await world.platform.settle();
    expect(await world.platform.streams.head("identity")).toBe(head);
    expect([await world.standing(a.id), await world.standing(b.id)]).toEqual(before);
    world.platform.clock.advanceMs(1_000);
    await world.mutate("identity", "mergePersons", { into: a.id, from: [b.id], reason: "same" });
    await world.platform.settle();
    const happened = told(before, await world.standing(a.id));
    expect(preview.allowed).toBe(true);
    expect(names(preview.audiencesEntered)).toEqual(happened.entered);
    expect(names(preview.audiencesLeft)).toEqual(happened.left);
    expect(preview.traits.map(({ name, value }) => ({ name, value }))).toEqual(happened.traits);
    expect(
      preview.consentDecisions.map((shift) => ({
        use: `${shift.purpose} ${shift.channel}`,
        before: shift.before,
        after: shift.after,
      })),
    ).toEqual(happened.decisions);
  }
}, 120_000);

test("given a withdrawal on one side, when a merge is previewed, then deny wins, and each trait says whose it is", async () => {
  const a = await customer("DE", 1, "GRANT");
  const b = await customer("PT", 1, "WITHDRAW");
  const preview = await world.previewMerge(a.id, [b.id]);
  expect(preview.consentDecisions).toContainEqual({
    purpose: "marketing",
    channel: "EMAIL",
    before: "ALLOW",
    after: "DENY",
  });
  expect(names(preview.audiencesEntered)).toEqual(["regulars"]);
  expect(names(preview.audiencesLeft)).toEqual(["germans"]);
  expect(preview.traits).toContainEqual({ name: "country", value: "PT", from: b.id });
  expect(preview.refusals.map(({ constraint }) => constraint)).toContain("EXCLUSIVE_NAMESPACE");
});

test("given somebody without pii:read, when a merge is previewed, then values are masked", async () => {
  const a = await customer("DE", 0, null);
  const b = await customer("PT", 0, null);
  const preview = await world.previewMerge(a.id, [b.id], ["profiles:read"]);
  expect(preview.traits.find(({ name }) => name === "country")!.value).toBe("P•••");
  await expect(world.previewMerge(a.id, [b.id], ["events:write" as never])).rejects.toThrow();
});

test("given nobody of that id, or one person twice, when a merge is previewed, then it is not allowed and says why", async () => {
  const a = await customer("DE", 0, null);
  expect(await world.previewMerge(a.id, ["person_none"])).toMatchObject({
    allowed: false,
    refusals: [{ constraint: "PERSON_UNKNOWN" }],
    traits: [],
  });
  expect((await world.previewMerge(a.id, [a.id])).refusals).toMatchObject([
    { constraint: "SAME_PERSON" },
  ]);
  expect((await world.previewMerge("bad\u0000id", [a.id])).allowed).toBe(false);
});
