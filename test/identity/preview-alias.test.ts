import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PreviewWorld, unique } from "./preview-world.ts";

let world: PreviewWorld;
beforeAll(async () => {
  world = await PreviewWorld.start();
}, 120_000);
afterAll(async () => {
  await world?.stop();
});

interface Shown {
  id: string;
  identifiers: { namespace: string; value: string }[];
}

const sorted = (persons: Shown[]) =>
  persons.map(({ id, identifiers }) => ({
    id,
    values: identifiers.map(({ namespace, value }) => `${namespace} ${value}`).sort(),
  }));

test("given an id that only an alias named, when a split is looked at and then done, then neither shows it: nobody was seen with it", async () => {
  const [userId, previousId, email] = [unique("u"), unique("p"), `${unique("e")}@example.org`];
  await world.send(
    { type: "IDENTIFY", userId, context: { traits: { email } } },
    { type: "TRACK", event: "seen", anonymousId: previousId },
    { type: "ALIAS", userId, previousId },
  );
  const person = await world.personOf("user_id", userId);
  const { previewSplit } = await world.ask<{ previewSplit: { persons: Shown[] } }>(
    "identity",
    `query ($person: ID!, $identifiers: [IdentifierInput!]) {
      previewSplit(person: $person, identifiers: $identifiers) {
        persons { id identifiers { namespace value } } } }`,
    { person, identifiers: [{ namespace: "email", value: email }] },
  );
  const { persons } = await world.mutate(
    "identity",
    "splitPerson",
    { person, identifiers: [{ namespace: "email", value: email }], reason: "tests" },
    "persons { id identifiers { nodes { namespace value } } }",
  );
  const done = (persons as { id: string; identifiers: { nodes: Shown["identifiers"] } }[]).map(
    ({ id, identifiers }) => ({ id, identifiers: identifiers.nodes }),
  );
  expect(sorted(previewSplit.persons).map(({ values }) => values)).toEqual([
    [`anonymous_id ${previousId}`, `user_id ${userId}`],
    [`email ${email}`],
  ]);
  expect(sorted(done).map(({ values }) => values)).toEqual(
    sorted(previewSplit.persons).map(({ values }) => values),
  );
});
