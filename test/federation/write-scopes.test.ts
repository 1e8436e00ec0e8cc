import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, type World } from "./bad-input/world.ts";
import { operation } from "./operation.ts";
import { startLayout } from "./running-layout.ts";

let world: World;

const keyFor = async (scope: string): Promise<string> => {
  const { secret } = await world.mutate("CreateApiKey", { name: "writer", scopes: [scope] });
  return secret as string;
};

const personOf = async (value: string): Promise<string> => {
  await world.timelineOf(value, 1);
  const by = { identifier: { namespace: "user_id", value } };
  const found = await world.layout.ask<{ person: { id: string } }>(operation("PersonId"), { by });
  return found.person.id;
};

beforeAll(async () => {
  world = await openWorld(await startLayout());
  const rule = { trait: { name: "city", is: { equals: "Faro" } } };
  const audience = { name: "in-faro", title: "In Faro", owner: "growth", rule };
  expect(await world.mutate("CreateAudience", audience)).toMatchObject({ problems: [] });
  const identify = (userId: string) => ({ type: "identify", userId, traits: { city: "Faro" } });
  await world.send("batch", { batch: [identify("left-1"), identify("right-1")] });
}, 180_000);

afterAll(async () => {
  await world?.layout.remove();
}, 60_000);

const personFields = [
  "createdAt",
  "redirectedFrom",
  "traits { name value }",
  "identifiers { nodes { value } }",
  "sessions { nodes { value } }",
  "devices { nodes { device { id } } }",
  "records { nodes { key } }",
  "accounts { nodes { account { id } } }",
  "households { nodes { account { id } } }",
  "timeline { nodes { messageId } }",
  "audiences { totalCount }",
  "deliveries { nodes { id } }",
  "consentDecisions { outcome }",
  "consentStatements { nodes { id } }",
  "assignments { variation }",
];

test("given identity:write alone, when a merge asks for more than the person's id, then FORBIDDEN, and nothing is merged", async () => {
  const [into, from] = [await personOf("left-1"), await personOf("right-1")];
  const key = await keyFor("identity:write");
  const input = { into, from: [from], reason: "one and the same" };
  for (const field of personFields) {
    const merging = world.layout.ask(
      `mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { person { id ${field} } } }`,
      { input },
      key,
    );
    await expect(merging).rejects.toMatchObject({ extensions: { scope: "profiles:read" } });
  }
  expect(await personOf("right-1")).toBe(from);
  const merged = await world.layout.ask(operation("MergePersons"), { input }, key);
  expect(merged).toMatchObject({ mergePersons: { person: { id: into }, problems: [] } });
});

test.each(["memberCount", "members { nodes { person { id } } }"])(
  "given audiences:write alone, when a mutation's audience is asked for its %s, then FORBIDDEN",
  async (field) => {
    const asking = world.layout.ask(
      `mutation { updateAudience(input: { name: "in-faro", title: "Faro" }) { audience { ${field} } } }`,
      {},
      await keyFor("audiences:write"),
    );
    await expect(asking).rejects.toMatchObject({ extensions: { scope: "profiles:read" } });
  },
);

test("given experiments:write alone, when an experiment is made and its counts are asked for, then FORBIDDEN, and none is made", async () => {
  const variations = [
    { key: "a", weight: 0.5 },
    { key: "b", weight: 0.5 },
  ];
  const making = world.layout.ask(
    `mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) {
      experiment { variations { assignedCount } } } }`,
    { input: { name: "counted", variations } },
    await keyFor("experiments:write"),
  );
  await expect(making).rejects.toMatchObject({ extensions: { scope: "profiles:read" } });
  expect(await world.layout.ask('{ experiment(name: "counted") { name } }')).toEqual({
    experiment: null,
  });
});
