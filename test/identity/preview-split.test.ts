import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { WebhookReceiver } from "../activation/webhook-receiver.ts";
import { PreviewWorld, unique } from "./preview-world.ts";

let world: PreviewWorld;
let hook: WebhookReceiver;
beforeAll(async () => {
  world = await PreviewWorld.start();
  hook = await WebhookReceiver.start();
  await world.purpose("marketing");
  const rule = { event: { name: "bought", count: { atLeast: 1 }, within: "P30D" } };
  await world.audience("buyers", rule);
  const made = await world.mutate(
    "activation",
    "createDestination",
    { name: "hook", kind: "webhook", settings: { url: hook.url } },
    "signingSecret",
  );
  hook.secret = made.signingSecret as string;
  await world.mutate("activation", "createSync", {
    name: "buyers-to-hook",
    destination: "hook",
    subject: { audience: "buyers" },
    purpose: "marketing",
    channel: "EMAIL",
    identifiers: ["email"],
    traits: [],
  });
}, 120_000);
afterAll(async () => {
  await hook?.stop();
  await world?.stop();
});

interface Change {
  change: { id: string; kind: string } | null;
  persons: { id: string }[];
  exact?: boolean | null;
  differences?: {
    kind: string;
    identifiers: { namespace: string; value: string }[];
    traits: string[];
  }[];
  problems: { code: string; path: string[] }[];
}

const selection = "change { id kind } persons { id } problems { code message path }";

async function act(field: string, input: object, more = ""): Promise<Change> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} ${more} } }`;
  const answer = await world.ask<Record<string, Change>>("identity", document, {
    input: { ...input, reason: "tests" },
  });
  await world.platform.settle();
  return answer[field]!;
}

const revert = (change: string) =>
  act(
    "revertIdentityChange",
    { change },
    "exact differences { kind identifiers { namespace value } traits }",
  );

async function merge(into: string, from: string[]): Promise<string> {
  const input = { into, from, reason: "tests" };
  const { change } = await world.mutate("identity", "mergePersons", input, "change { id }");
  await world.platform.settle();
  return (change as { id: string }).id;
}

/** A person by user id with an e-mail address, who bought or not. */
async function customer(hasBought: boolean) {
  world.platform.clock.advanceMs(1_000);
  const [userId, email] = [unique("u"), `${unique("e")}@example.org`];
  const buys = hasBought ? [{ type: "TRACK", event: "bought", userId }] : [];
  const context = { traits: { email, nickname: userId } };
  await world.send({ type: "IDENTIFY", userId, context }, ...buys);
  await world.consent("email", email, "marketing", "GRANT");
  await world.platform.settle();
  return { userId, email, id: await world.personOf("user_id", userId) };
}

async function lastMergeOf(personId: string): Promise<string> {
  const { identityChanges } = await world.ask<{ identityChanges: { nodes: { id: string }[] } }>(
    "identity",
    `query ($id: ID!) { identityChanges(first: 1, filter: { personId: $id, kinds: [MERGE] }) {
      nodes { id } } }`,
    { id: personId },
  );
  return identityChanges.nodes[0]!.id;
}

interface SplitPreview {
  allowed: boolean;
  refusals: { constraint: string }[];
  persons: {
    id: string | null;
    identifiers: { namespace: string; value: string }[];
    audiencesEntered: { name: string }[];
    audiencesLeft: { name: string }[];
    traits: { name: string; value: unknown }[];
  }[];
}

async function previewSplit(variables: object): Promise<SplitPreview> {
  const { previewSplit: preview } = await world.ask<{ previewSplit: SplitPreview }>(
    "identity",
    `query ($person: ID!, $identifiers: [IdentifierInput!], $before: ID) {
      previewSplit(person: $person, identifiers: $identifiers, before: $before) {
        allowed refusals { constraint }
        persons { id identifiers { namespace value } audiencesEntered { name }
          audiencesLeft { name } traits { name value } } } }`,
    variables as Record<string, unknown>,
  );
  return preview;
}

describe("a split as it was before a change", () => {
  test("given a merge by the rules and an address that came later with one side, when the person is split as before it, then both sides stand as they did and the address stays with its own", async () => {
    world.platform.clock.advanceMs(1_000);
    const [a, b, late] = [`${unique("e")}@x.org`, `${unique("e")}@x.org`, `${unique("e")}@x.org`];
    const [appA, appB] = [unique("l"), unique("l")];
    const both = (namespace: string, id: string, email: string) => ({
      type: "IDENTIFY",
      context: { traits: { email }, externalIds: [{ type: namespace, id }] },
    });
    await world.send(both("app_login", appA, a));
    await world.send(both("app_login", appB, b));
    const [first, second] = [await world.personOf("email", a), await world.personOf("email", b)];
    await world.send(both("app_login", appA, b));
    expect(await world.personOf("email", b)).toBe(first);
    const change = await lastMergeOf(first);
    await world.send(both("app_login", appB, late));
    expect(await world.personOf("email", late)).toBe(first);
    const preview = await previewSplit({ person: first, before: change });
    expect(preview).toMatchObject({ allowed: true, persons: [{ id: first }, { id: second }] });
    const {
      persons,
      change: split,
      problems,
    } = await act("splitPerson", {
      person: first,
      before: change,
    });
    expect(problems).toEqual([]);
    expect(split).toMatchObject({ kind: "SPLIT" });
    expect(persons.map(({ id }) => id).sort()).toEqual([first, second].sort());
    expect(await world.personOf("email", a)).toBe(first);
    expect(await world.personOf("email", b)).toBe(second);
    expect(await world.personOf("email", late)).toBe(second);
    const shown = preview.persons.map(({ id, identifiers }) => [
      id,
      identifiers.map(({ value }) => value).sort(),
    ]);
    expect(shown).toEqual([
      [first, [a, appA].sort()],
      [second, [appB, b, late].sort()],
    ]);
    await world.send(both("app_login", appA, b), both("app_login", appB, late));
    expect(await world.personOf("email", b)).toBe(second);
  });

  test("given both or neither of identifiers and a change, or a change of somebody else, when a split is asked for, then the problem says so", async () => {
    const [a, b] = [await customer(false), await customer(false)];
    const identifiers = [{ namespace: "email", value: a.email }];
    const change = await merge(b.id, [(await customer(false)).id]);
    expect((await act("splitPerson", { person: a.id })).problems).toMatchObject([
      { code: "EXACTLY_ONE" },
    ]);
    const neither = await act("splitPerson", { person: a.id, identifiers, before: change });
    expect(neither.problems).toMatchObject([{ code: "EXACTLY_ONE" }]);
    expect((await act("splitPerson", { person: a.id, before: change })).problems).toMatchObject([
      { code: "CHANGE_UNKNOWN", path: ["before"] },
    ]);
    expect(await previewSplit({ person: a.id, before: "change_\u0000" })).toMatchObject({
      allowed: false,
      refusals: [{ constraint: "CHANGE_UNKNOWN" }],
      persons: [],
    });
  });
});

describe("taking a change back", () => {
  test("given a merge after which nothing came, when it is reverted, then it says that this is exact", async () => {
    const [a, b] = [await customer(true), await customer(false)];
    const before = [await world.standing(a.id), await world.standing(b.id)];
    world.platform.clock.advanceMs(1_000);
    const change = await merge(a.id, [b.id]);
    world.platform.clock.advanceMs(1_000);
    const undone = await revert(change);
    expect(undone).toMatchObject({ exact: true, differences: [], problems: [] });
    expect([await world.standing(a.id), await world.standing(b.id)]).toEqual(before);
  });

  test("given identifiers and facts that came after a merge, when it is reverted, then they are named, stay on their side, and it is not exact", async () => {
    const [a, b] = [await customer(true), await customer(false)];
    world.platform.clock.advanceMs(1_000);
    const change = await merge(a.id, [b.id]);
    world.platform.clock.advanceMs(1_000);
    const device = unique("a");
    const context = { traits: { city: "Faro" } };
    await world.send({ type: "IDENTIFY", userId: b.userId, anonymousId: device, context });
    const undone = await revert(change);
    expect(undone.exact).toBe(false);
    expect(undone.differences).toEqual([
      {
        kind: "IDENTIFIERS_JOINED",
        identifiers: [{ namespace: "anonymous_id", value: device }],
        traits: [],
      },
      {
        kind: "FACTS_SINCE",
        identifiers: [{ namespace: "user_id", value: b.userId }],
        traits: ["city"],
      },
    ]);
    expect(await world.personOf("anonymous_id", device)).toBe(b.id);
    const city = (await world.standing(b.id)).traits.find(({ name }) => name === "city");
    expect(city?.value).toBe("Faro");
    expect((await revert(change)).exact).toBeNull();
  });
});

describe("compensation", () => {
  async function heard(count: number) {
    for (let tries = 0; tries < 2_000 && hook.accepted.length < count; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await world.platform.settle();
    return hook.accepted.map(({ type, personId }) => ({ type, personId }));
  }

  test("given a merge, a revert and a split of buyers, when they have happened, then a destination was told of both sides each time", async () => {
    await world.platform.settle();
    const [a, b] = [await customer(true), await customer(true)];
    await heard(2);
    const start = (await heard(0)).length;
    const change = await merge(a.id, [b.id]);
    const merged = (await heard(start + 1)).slice(start);
    expect(merged).toEqual([{ type: "audience.exited", personId: b.id }]);
    world.platform.clock.advanceMs(1_000);
    await revert(change);
    const reverted = (await heard(start + 2)).slice(start + 1);
    expect(reverted).toEqual([{ type: "audience.entered", personId: b.id }]);
    world.platform.clock.advanceMs(1_000);
    // Of one who bought and one who did not: the id that bought loses its purchase by the split.
    const buyer = await customer(true);
    await heard(start + 3);
    const quiet = await customer(false);
    await merge(quiet.id, [buyer.id]);
    const moved = (await heard(start + 5)).slice(start + 3);
    expect(moved).toEqual(
      expect.arrayContaining([
        { type: "audience.exited", personId: buyer.id },
        { type: "audience.entered", personId: quiet.id },
      ]),
    );
    world.platform.clock.advanceMs(1_000);
    const identifiers = [
      { namespace: "user_id", value: buyer.userId },
      { namespace: "email", value: buyer.email },
    ];
    await act("splitPerson", { person: quiet.id, identifiers });
    const split = (await heard(start + 7)).slice(start + 5);
    expect(split).toEqual(
      expect.arrayContaining([
        { type: "audience.exited", personId: quiet.id },
        { type: "audience.entered", personId: buyer.id },
      ]),
    );
    expect(split).toHaveLength(2);
  }, 60_000);
});
