import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, type World } from "./bad-input/world.ts";
import { Follower } from "./follower.ts";
import { operation } from "./operation.ts";
import { eventually, startLayout } from "./running-layout.ts";

/** Two customers, Bo and Cy: each bought, Bo's consent stands, Cy's was withdrawn. */
let world: World;
let bo: string;
let cy: string;
let mergeChange: string;
const followers: Follower<unknown>[] = [];

interface Change {
  id: string;
  kind: string;
  actor: string | null;
  reason: string | null;
  personIds: string[];
  cause: { messageId: string | null; rule: string | null; decision: string | null };
  revertedBy: { id: string } | null;
}

interface Person {
  id: string;
  redirectedFrom: string[];
  identifiers: { nodes: { namespace: string; value: string }[] };
  timeline: { nodes: { messageId: string }[] };
  audiences: { nodes: { audience: { name: string } }[] };
  consentDecisions: { outcome: string }[];
}

const userId = (value: string) => ({ identifier: { namespace: "user_id", value } });
const ref = (namespace: string, value: string) => ({ namespace, value });

async function profile(by: Record<string, unknown>): Promise<Person> {
  const variables = { by, purposes: ["marketing"], channel: "EMAIL" };
  const { person } = await world.layout.ask<{ person: Person | null }>(
    operation("Profile"),
    variables,
  );
  expect(person).not.toBeNull();
  return person!;
}

const namesOf = ({ audiences }: Person) => audiences.nodes.map(({ audience }) => audience.name);
const valuesOf = ({ identifiers }: Person) =>
  identifiers.nodes.map(({ namespace, value }) => `${namespace}:${value}`).sort();

interface Explanation {
  explainIdentity: {
    samePerson: boolean;
    path: { rule: string; messageIds: string[]; sources: { name: string }[] }[];
    refusals: { constraint: string; message: string }[];
  };
}

async function explain(left: object, right: object) {
  const answer = await world.layout.ask<Explanation>(operation("ExplainIdentity"), { left, right });
  return answer.explainIdentity;
}

async function changes(kinds: string[]): Promise<Change[]> {
  const { identityChanges } = await world.layout.ask<{ identityChanges: { nodes: Change[] } }>(
    operation("IdentityChanges"),
    { filter: { kinds } },
  );
  return identityChanges.nodes;
}

async function sendAll(...batch: Record<string, unknown>[]): Promise<void> {
  const { json } = await world.send("batch", { batch });
  expect(json).toMatchObject({ success: true, quarantined: 0 });
}

/** Until identity has worked off everything that was sent before. */
async function settled(marker: string): Promise<void> {
  await sendAll({ type: "track", event: "marker", userId: marker, messageId: marker });
  await world.timelineOf(marker, 1);
}

const link = (messageId: string) => ({
  type: "identify",
  userId: "bo",
  anonymousId: "phone-of-bo",
  messageId,
});

beforeAll(async () => {
  world = await openWorld(await startLayout());
  const purpose = { name: "marketing", title: "Marketing", channels: ["EMAIL"] };
  await world.mutate("DefinePurpose", purpose);
  for (const [name, atLeast] of Object.entries({ "buyers-once": 1, "buyers-twice": 2 })) {
    const rule = { event: { name: "bought", count: { atLeast }, within: "P30D" } };
    const audience = { name, title: name, owner: "growth", rule };
    expect(await world.mutate("CreateAudience", audience)).toMatchObject({ problems: [] });
    await world.mutate("ActivateAudience", { name, version: 1 });
  }
  for (const name of ["IdentityChanged", "ProfileChanged"]) {
    followers.push(new Follower(world.layout, operation(name), { after: "0" }));
  }
  const preferences = (marketing: boolean) => ({
    consent: { categoryPreferences: { marketing } },
  });
  await sendAll(
    { type: "identify", userId: "bo", traits: { city: "Porto" }, context: preferences(true) },
    { type: "track", userId: "bo", event: "bought", messageId: "bo-bought" },
    link("bo-link"),
    { type: "identify", userId: "cy", traits: { city: "Faro" }, context: preferences(false) },
    { type: "track", userId: "cy", event: "bought", messageId: "cy-bought" },
    { type: "track", anonymousId: "phone-of-bo", event: "seen", messageId: "phone-seen" },
  );
  await settled("marker-0");
  [bo, cy] = [(await profile(userId("bo"))).id, (await profile(userId("cy"))).id];
}, 180_000);

afterAll(async () => {
  await Promise.all(followers.map((follower) => follower.close()));
  await world?.layout.remove();
}, 60_000);

test("given a linking event, when asked why, then the path names its rule, source and event", async () => {
  const why = await explain(ref("anonymous_id", "phone-of-bo"), ref("user_id", "bo"));
  expect(why).toMatchObject({ samePerson: true, refusals: [] });
  expect(why.path).toEqual([
    expect.objectContaining({ messageIds: ["bo-link"], sources: [{ name: "web" }] }),
  ]);
  expect(why.path[0]!.rule).toMatch(/\w/);
});

test("given one e-mail address used by two user ids, then they stay two, and it is said why", async () => {
  const email = "family@example.com";
  await sendAll(
    { type: "identify", userId: "bo", traits: { email } },
    { type: "identify", userId: "cy", traits: { email } },
  );
  await settled("marker-1");
  expect(bo).not.toBe(cy);
  expect((await profile(userId("bo"))).id).toBe(bo);
  expect((await profile(userId("cy"))).id).toBe(cy);
  const why = await explain(ref("user_id", "bo"), ref("user_id", "cy"));
  expect(why).toMatchObject({ samePerson: false, path: [] });
  expect(why.refusals.map(({ constraint }) => constraint)).toContain("EXCLUSIVE_NAMESPACE");
  expect(why.refusals.every(({ message }) => message.length > 10)).toBe(true);
});

test("given a merge by hand, then one person answers for both, under the old id too", async () => {
  const reason = "Same customer, passport checked";
  const merged = await world.mutate("MergePersons", { into: bo, from: [cy], reason });
  expect(merged).toMatchObject({ person: { id: bo }, change: { kind: "MERGE", reason } });
  mergeChange = (merged.change as Change).id;
  for (const by of [{ id: bo }, { id: cy }, userId("cy")]) {
    const person = await profile(by);
    expect(person).toMatchObject({ id: bo, redirectedFrom: [cy] });
    expect(valuesOf(person)).toEqual(expect.arrayContaining(["user_id:bo", "user_id:cy"]));
  }
  const person = await eventually(
    () => profile({ id: bo }),
    (each) =>
      each.timeline.nodes.some(({ messageId }) => messageId === "cy-bought") &&
      namesOf(each).includes("buyers-twice") &&
      each.consentDecisions[0]?.outcome === "DENY",
    60_000,
  );
  expect(namesOf(person).sort()).toEqual(["buyers-once", "buyers-twice"]);
}, 90_000);

test("given the merge is reverted, then both are back with all that was theirs", async () => {
  const reverted = await world.mutate("RevertIdentityChange", { change: mergeChange });
  expect(reverted).toMatchObject({ change: { reverts: { id: mergeChange } }, problems: [] });
  expect((reverted.persons as { id: string }[]).map(({ id }) => id).sort()).toEqual(
    [bo, cy].sort(),
  );
  const back = async (id: string, by: object, outcome: string) => {
    const person = await eventually(
      () => profile(by as never),
      (each) =>
        namesOf(each).join() === "buyers-once" &&
        each.id === id &&
        each.consentDecisions[0]?.outcome === outcome,
      60_000,
    );
    expect(person.redirectedFrom).toEqual([]);
  };
  await back(bo, userId("bo"), "ALLOW");
  await back(cy, userId("cy"), "DENY");
  expect((await profile({ id: cy })).id).toBe(cy);
  const [again] = (await world.mutate("RevertIdentityChange", { change: mergeChange }))
    .problems as { code: string }[];
  expect(again!.code).toBe("ALREADY_REVERTED");
}, 90_000);

test("given a split by hand, then it holds against the event that linked them, old and new", async () => {
  const identifiers = [ref("anonymous_id", "phone-of-bo")];
  const reason = "It is his son's telephone";
  const split = await world.mutate("SplitPerson", { person: bo, identifiers, reason });
  expect(split).toMatchObject({ change: { kind: "SPLIT", reason }, problems: [] });
  expect(split.persons).toHaveLength(2);
  const phone = { identifier: identifiers[0]! };
  const son = (await profile(phone)).id;
  expect(son).not.toBe(bo);
  await sendAll(link("bo-link"));
  await sendAll(link("bo-link-again"));
  await settled("marker-2");
  expect((await profile(phone)).id).toBe(son);
  expect((await profile(userId("bo"))).id).toBe(bo);
  const why = await explain(identifiers[0]!, ref("user_id", "bo"));
  expect(why.samePerson).toBe(false);
  expect(why.refusals.map(({ constraint }) => constraint)).toContain("CANNOT_LINK");
  const timeline = await eventually(
    async () => (await profile(phone)).timeline.nodes.map(({ messageId }) => messageId),
    (ids) => ids.includes("phone-seen"),
  );
  expect(timeline).not.toContain("bo-bought");
}, 90_000);

test("given the audit log, then each act of the steward stands there, by whom and why", async () => {
  const merges = await changes(["MERGE"]);
  const byHand = merges.find(({ id }) => id === mergeChange);
  expect(byHand).toMatchObject({ kind: "MERGE", reason: "Same customer, passport checked" });
  expect(byHand!.actor).toMatch(/\w/);
  expect(byHand!.cause.decision).toMatch(/\w/);
  expect(byHand!.personIds).toEqual([bo, cy]);
  expect(byHand!.revertedBy?.id).toMatch(/\w/);
  const splits = await changes(["SPLIT"]);
  expect(splits.map(({ id }) => id)).toContain(byHand!.revertedBy!.id);
  expect(splits.map(({ reason }) => reason)).toContain("It is his son's telephone");
});

test("given subscriptions from the beginning, then they told all of it, in order", async () => {
  type Told = { change: Change; kinds: string[]; personId: string };
  const [identity, profiles] = followers as Follower<Told>[];
  const kindsByHand = () =>
    identity!.received.flatMap(({ change }) => (change.reason === null ? [] : [change.kind]));
  await eventually(
    async () => kindsByHand().length,
    (count) => count >= 3,
  );
  expect(kindsByHand()).toEqual(["MERGE", "SPLIT", "SPLIT"]);
  const merge = identity!.received.find(({ change }) => change.id === mergeChange);
  expect(merge!.change.personIds).toEqual([bo, cy]);
  const told = (kind: string) =>
    profiles!.received.filter(({ kinds }) => kinds.includes(kind)).map(({ personId }) => personId);
  await eventually(
    async () => told("SPLIT").length,
    (count) => count >= 2,
  );
  expect(told("MERGED")).toContain(bo);
  expect(told("SPLIT")).toEqual(expect.arrayContaining([bo]));
  expect(followers.map(({ ending }) => ending)).toEqual([null, null]);
});
