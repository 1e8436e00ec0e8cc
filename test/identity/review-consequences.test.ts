import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PreviewWorld, unique } from "./preview-world.ts";

let world: PreviewWorld;
beforeAll(async () => {
  world = await PreviewWorld.start();
  const bought = (atLeast: number) => ({
    event: { name: "bought", count: { atLeast }, within: "P30D" },
  });
  await world.audience("buyers", bought(1));
  await world.audience("regulars", bought(2));
}, 120_000);
afterAll(() => world?.stop());

const document = `query ReviewQueue($first: Int, $after: String, $filter: ReviewFilter) {
  reviewQueue(first: $first, after: $after, filter: $filter) {
    nodes {
      id
      cause
      probability
      createdAt
      assignee
      sides { person { id } records { source { name } kind key attributes } }
      weights { field outcome weightBits }
      refusals { constraint message }
      consequences { persons audiences { name } destinations { name } }
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`;

interface Page {
  reviewQueue: {
    nodes: {
      refusals: { constraint: string }[];
      consequences: { persons: number; audiences: { name: string }[] };
    }[];
    totalCount: number;
  };
}

test("given two customers who may be one, when the queue is read, then it says what would change for audiences, and what the rules say", async () => {
  const email = `${unique("e")}@example.org`;
  const ids = [unique("003"), unique("003")];
  for (const id of ids) {
    const context = { traits: { email }, externalIds: [{ type: "crm_contact_id", id }] };
    await world.send({ type: "TRACK", event: "bought", userId: unique("u"), context });
  }
  const persons = [];
  for (const id of ids) persons.push(await world.personOf("crm_contact_id", id));
  expect(persons[0]).not.toBe(persons[1]);
  const { reviewQueue } = await world.ask<Page>("identity", document, {
    filter: { person: persons[0] },
  });
  expect(reviewQueue.totalCount).toBe(1);
  const [{ consequences, refusals }] = reviewQueue.nodes as [Page["reviewQueue"]["nodes"][0]];
  expect(consequences).toEqual({ persons: 2, audiences: [{ name: "regulars" }], destinations: [] });
  expect(refusals.map(({ constraint }) => constraint)).toContain("EXCLUSIVE_NAMESPACE");
});
