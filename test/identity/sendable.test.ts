import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { allScopes } from "../../kernel/security/scopes.ts";
import { IdentityWorld, unique } from "./identity-world.ts";

let world: IdentityWorld;

beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

interface Sendable {
  sendablePersons: ({ id: string; identifiers: object[]; traits: object } | null)[];
}

const document = `query ($ids: [ID!]!, $namespaces: [String!]!, $traits: [String!]!) {
  sendablePersons(ids: $ids, namespaces: $namespaces, traits: $traits) { id identifiers traits } }`;

test("given persons, when what may leave is asked for, then nothing but what is named comes, in order, and nobody in place of a merged id", async () => {
  const [ana, bo] = [unique("u"), unique("u")];
  const email = `${ana}@x.example`;
  await world.accept(
    { ids: { user_id: ana, email }, traits: { city: "Porto", plan: null, vip: false } },
    { ids: { user_id: bo }, traits: { city: "Bonn" } },
  );
  const [a, b] = [(await world.personOf("user_id", ana))!, (await world.personOf("user_id", bo))!];
  const ask = (ids: string[]) =>
    world.ask<Sendable>(document, {
      ids,
      namespaces: ["email"],
      traits: ["vip", "plan", "toString"],
    });
  const anaOut = {
    id: a,
    identifiers: [{ namespace: "email", value: email }],
    traits: { vip: false },
  };
  const { sendablePersons } = await ask([b, "person_nobody", a]);
  expect(sendablePersons).toEqual([{ id: b, identifiers: [], traits: {} }, null, anaOut]);
  await world.ask(
    `mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { problems { code } } }`,
    { input: { into: a, from: [b], reason: "test" } },
  );
  expect((await ask([b, a])).sendablePersons).toEqual([null, anaOut]);
});

test("given somebody who may not see personal data, when he asks, then he is refused", async () => {
  const scopes = allScopes.filter((scope) => scope !== "pii:read");
  const asking = world.ask(document, { ids: [], namespaces: [], traits: [] }, scopes);
  await expect(asking).rejects.toThrow("pii:read");
});
