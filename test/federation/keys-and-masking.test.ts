import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, type World } from "./bad-input/world.ts";
import { Follower } from "./follower.ts";
import { operation } from "./operation.ts";
import { eventually, GraphqlFailure, startLayout } from "./running-layout.ts";

let world: World;
let clear: string;
let masked: string;
const followers: Follower<unknown>[] = [];
/** Whatever of her may not be seen without `pii:read`. */
const secrets = [
  "quilla@secret.example",
  "+351912345678",
  "Quilla",
  "Zephyrine",
  "quilla-user-77",
  "anon-quilla-88",
  "order-quilla-99",
  "4242.42",
];
const by = { identifier: { namespace: "user_id", value: "quilla-user-77" } };

interface NewKey {
  apiKey: { id: string; scopes: string[] };
  secret: string;
  problems: { code: string; path: string[] }[];
}

const makeKey = async (...scopes: string[]) =>
  (await world.mutate("CreateApiKey", { name: "reader", scopes })) as unknown as NewKey;

function follow(name: string, key: string): Follower<Record<string, unknown>> {
  const follower = new Follower<Record<string, unknown>>(
    world.layout,
    operation(name),
    { after: "0" },
    key,
  );
  followers.push(follower);
  return follower;
}

async function shown(follower: Follower<unknown>, atLeast: number): Promise<string> {
  await eventually(
    async () => follower.received.length,
    (length) => length >= atLeast,
    60_000,
  );
  expect(follower.ending).toBeNull();
  return JSON.stringify(follower.received);
}

async function sendHer(): Promise<void> {
  const who = { userId: "quilla-user-77", anonymousId: "anon-quilla-88" };
  const traits = { email: "quilla@secret.example", phone: "+351912345678", first_name: "Quilla" };
  const consent = { categoryPreferences: { marketing: true } };
  const properties = { order_id: "order-quilla-99", total: 4242.42 };
  const batch = [
    { type: "identify", ...who, traits: { ...traits, last_name: "Zephyrine" } },
    { type: "identify", ...who, traits: { city: "Faro" }, context: { consent } },
    { type: "track", ...who, event: "order_completed", properties },
    { type: "track", ...who, event: "cart_updated", properties },
  ];
  const answer = await world.send("batch", { batch });
  expect(answer.json).toMatchObject({ success: true, accepted: 4 });
  await world.timelineOf("quilla-user-77", 4);
}

beforeAll(async () => {
  world = await openWorld(await startLayout());
  const purpose = { name: "marketing", title: "Marketing", channels: ["EMAIL"] };
  expect(await world.mutate("DefinePurpose", purpose)).toMatchObject({ problems: [] });
  const rule = { event: { name: "order_completed", within: "P30D" } };
  const audience = { name: "buyers", title: "Buyers", owner: "growth", purpose: "marketing", rule };
  expect(await world.mutate("CreateAudience", audience)).toMatchObject({ problems: [] });
  await world.mutate("ActivateAudience", { name: "buyers", version: 1 });
  clear = (await makeKey("profiles:read", "pii:read")).secret;
  masked = (await makeKey("profiles:read")).secret;
  await sendHer();
}, 180_000);

afterAll(async () => {
  await Promise.all(followers.map((follower) => follower.close()));
  await world?.layout.remove();
}, 60_000);

test("given pii:read, when the profile is asked for, then all of it is clear", async () => {
  const answer = JSON.stringify(await world.layout.ask(operation("Profile"), { by }, clear));
  expect(secrets.filter((secret) => !answer.includes(secret))).toEqual([]);
});

test("given profiles:read alone, when the profile is asked for, then names stay and values are masked", async () => {
  const { person } = await world.layout.ask<{
    person: {
      identifiers: { nodes: { namespace: string; value: string }[] };
      traits: { name: string; value: unknown }[];
      timeline: { nodes: { name: string | null; properties: Record<string, unknown> }[] };
    };
  }>(operation("Profile"), { by, purposes: ["marketing"] }, masked);
  const answer = JSON.stringify(person);
  expect(secrets.filter((secret) => answer.includes(secret))).toEqual([]);
  expect(person.identifiers.nodes).toContainEqual(
    expect.objectContaining({ namespace: "email", value: "q•••" }),
  );
  expect(person.traits).toContainEqual(
    expect.objectContaining({ name: "first_name", value: "Q•••" }),
  );
  const order = person.timeline.nodes.find(({ name }) => name === "order_completed");
  expect(order?.properties).toEqual({ order_id: "o•••", total: "•••" });
});

test("given profiles:read alone, then no other way shows her values either", async () => {
  const [left, right] = ["anon-quilla-88", "quilla@secret.example"];
  const explain = {
    left: { namespace: "anonymous_id", value: left },
    right: { namespace: "email", value: right },
  };
  const answers = [
    await world.layout.ask(operation("ExplainIdentity"), explain, masked),
    await world.layout.ask(operation("IdentityChanges"), {}, masked),
    await world.layout.ask(operation("FindPersons"), {}, masked),
    await world.layout.ask(operation("Audience"), { name: "buyers" }, masked),
    await world.layout.ask(
      `query ($by: PersonBy!) { person(by: $by) {
        timeline { nodes { identifiers { value } traits context } }
        consentStatements { nodes { identifier { value } } } } }`,
      { by },
      masked,
    ),
  ];
  const text = JSON.stringify(answers);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  const filter = { traits: [{ name: "first_name", value: "Quilla" }] };
  const finding = world.layout.ask(operation("FindPersons"), { filter }, masked);
  await expect(finding).rejects.toMatchObject({
    extensions: { code: "FORBIDDEN", scope: "pii:read" },
  });
});

/** Has people, and a sender, name her in their own words; nobody is she. */
async function nameHerInWords(): Promise<void> {
  const words = "quilla@secret.example asked, call +351 912345678 or +351912345678";
  const identify = (userId: string) => ({ type: "identify", userId, traits: { city: "Faro" } });
  await world.send("batch", { batch: [identify("words-1"), identify("words-2")] });
  const ids: string[] = [];
  for (const value of ["words-1", "words-2"]) {
    await world.timelineOf(value, 1);
    const found = await world.layout.ask<{ person: { id: string } }>(operation("PersonId"), {
      by: { identifier: { namespace: "user_id", value } },
    });
    ids.push(found.person.id);
  }
  const merge = { into: ids[0], from: [ids[1]], reason: words };
  expect(await world.mutate("MergePersons", merge)).toMatchObject({ problems: [] });
  const statement = { purpose: "marketing", channel: "EMAIL", kind: "GRANT", method: words };
  const identifier = { namespace: "user_id", value: "words-1" };
  const said = { ...statement, identifier, statedAt: "2026-01-01T10:00:00Z" };
  expect(await world.mutate("RecordConsent", said)).toMatchObject({ problems: [] });
  const schema = { type: "object", additionalProperties: false };
  const contract = { event: "worded", family: "BUSINESS", owner: "o", drives: "ANALYTICS", schema };
  expect(await world.mutate("RegisterContract", contract)).toMatchObject({ problems: [] });
  const properties = { "quilla@secret.example": 1, "+351912345678": 2 };
  const batch = [{ type: "track", userId: "words-1", event: "worded", properties }];
  expect((await world.send("batch", { batch })).json).toMatchObject({ quarantined: 1 });
  await world.layout.ask(
    `mutation ($input: DiscardQuarantineInput!) { discardQuarantine(input: $input) { discarded } }`,
    { input: { filter: { events: ["worded"] }, reason: words } },
  );
}

test("given words of people that name her, then they are read without her addresses and numbers", async () => {
  await nameHerInWords();
  const reader = (await makeKey("profiles:read", "events:read")).secret;
  const read = async (key: string) =>
    JSON.stringify(
      await world.layout.ask(
        `query ($by: PersonBy!) {
          identityChanges { nodes { reason } }
          quarantinedEvents(filter: { states: [DISCARDED] }) {
            nodes { reason violations { path message } } }
          person(by: $by) { consentStatements { nodes { method } } } }`,
        { by: { identifier: { namespace: "user_id", value: "words-1" } } },
        key,
      ),
    );
  const text = await read(reader);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(text.match(/q••• asked, call \+•••/g)).toHaveLength(3);
  const open = (await makeKey("profiles:read", "events:read", "pii:read")).secret;
  expect((await read(open)).match(/quilla@secret\.example/g)!.length).toBeGreaterThanOrEqual(4);
});

test.each(["ProfileChanged", "AudienceMembershipChanged", "IdentityChanged", "ConsentChanged"])(
  "given the subscription %s, then it masks without pii:read, next to one that does not",
  async (name) => {
    const both = [follow(name, masked), follow(name, clear)];
    // The first change of consent is the purpose itself, which is about nobody.
    const count = name === "ConsentChanged" ? 2 : 1;
    const [hidden, open] = await Promise.all(both.map((follower) => shown(follower, count)));
    expect(secrets.filter((secret) => hidden!.includes(secret))).toEqual([]);
    if (name !== "IdentityChanged") expect(open).toContain("quilla");
  },
  90_000,
);

test("given a key without a scope, then FORBIDDEN names it; in subscriptions too", async () => {
  const { secret } = await makeKey("events:read");
  const asking = world.layout.ask(operation("PersonId"), { by }, secret);
  await expect(asking).rejects.toMatchObject({
    extensions: { code: "FORBIDDEN", scope: "profiles:read" },
  });
  const follower = follow("ProfileChanged", secret);
  const ending = await eventually(async () => follower.ending, Boolean);
  expect(ending!.errors).toMatchObject([
    { extensions: { code: "FORBIDDEN", scope: "profiles:read" } },
  ]);
  const writing = world.layout.ask(
    operation("SplitPerson"),
    { input: { person: "p", identifiers: [], reason: "r" } },
    masked,
  );
  await expect(writing).rejects.toMatchObject({ extensions: { scope: "identity:write" } });
});

test("given scopes that are unknown or not one's own, then no key is made, and the problem says where", async () => {
  expect(await makeKey("profiles:read", "everything")).toMatchObject({
    apiKey: null,
    secret: null,
    problems: [{ code: "UNKNOWN_SCOPE", path: ["scopes", "1"] }],
  });
  const { secret } = await makeKey("keys:write");
  const input = { name: "more", scopes: ["pii:read"] };
  const answer = await world.layout.ask(operation("CreateApiKey"), { input }, secret);
  expect(answer).toMatchObject({
    createApiKey: { secret: null, problems: [{ code: "SCOPE_NOT_HELD" }] },
  });
});

test("given a revoked key, then HTTP is 401 and its open subscriptions end within two seconds", async () => {
  const { apiKey, secret } = await makeKey("profiles:read");
  const follower = follow("ProfileChanged", secret);
  await shown(follower, 1);
  const stream = await openServerSentEvents(secret);
  expect(await world.mutate("RevokeApiKey", { id: apiKey.id })).toMatchObject({ problems: [] });
  const revokedAt = Date.now();
  const told = await stream.ended;
  expect(Date.now() - revokedAt).toBeLessThan(2_000);
  const ending = await eventually(async () => follower.ending, Boolean);
  expect(ending!.at - revokedAt).toBeLessThan(2_000);
  expect(JSON.stringify(ending)).toMatch(/UNAUTHENTICATED/);
  expect(told).toContain("UNAUTHENTICATED");
  const asking = world.layout.ask(operation("PersonId"), { by }, secret);
  await expect(asking).rejects.toMatchObject({
    status: 401,
    extensions: { code: "UNAUTHENTICATED" },
  });
  await expect(asking).rejects.toBeInstanceOf(GraphqlFailure);
});

/** Opens a stream of server-sent events; the promise gives all that it said once it has ended. */
async function openServerSentEvents(key: string): Promise<{ ended: Promise<string> }> {
  const response = await fetch(`${world.layout.url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query: operation("ConsentChanged") }),
  });
  expect(response.status).toBe(200);
  return { ended: response.text() };
}
