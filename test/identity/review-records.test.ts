import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { isSampled } from "../../subgraphs/identity/domain/review-sample.ts";
import { ReviewHealth } from "../../subgraphs/identity/service/review-health.ts";
import { ReviewListing } from "../../subgraphs/identity/store/review-listing.ts";
import { IdentityWorld, unique } from "./identity-world.ts";
import { putRecords, type RecordSaying } from "./record-words.ts";
import { type QueueNode, Reviewer } from "./review-words.ts";

let world: IdentityWorld;
let reviewer: Reviewer;
beforeAll(async () => {
  world = await IdentityWorld.start();
  reviewer = new Reviewer(world);
}, 120_000);
afterAll(() => world?.stop());

const lead = (attributes: object, key = unique("r")): RecordSaying => ({
  kind: "LEAD",
  key,
  observedAt: "2026-01-01T10:00:00Z",
  attributes,
});
const personOf = ({ key }: RecordSaying) => world.personOf("record", `crm/LEAD/${key}`);
const later = (record: RecordSaying, attributes: object, at = "2026-02-01T10:00:00Z") =>
  putRecords(world, "crm", { ...record, observedAt: at, attributes });

/** Two leads who may be one person: too little is known. */
async function likely(first_name: string, last_name: string) {
  const attributes = { first_name, last_name, city: "Faro" };
  const [one, other] = [lead(attributes), lead(attributes)];
  await putRecords(world, "crm", one);
  await putRecords(world, "crm", other);
  const person = await personOf(one);
  const { nodes } = await reviewer.queue({ person, cause: "MEDIUM_MATCH" });
  return { one, other, item: nodes[0] as QueueNode, attributes: { first_name, last_name } };
}

test("given a match of the medium band, when the queue is read, then it shows both records, the weights, and the probability they add up to", async () => {
  const { one, other, item } = await likely("Dinis", "Quintela");
  expect(item.sides.flatMap(({ records }) => records.map(({ key }) => key)).sort()).toEqual(
    [one.key, other.key].sort(),
  );
  expect(item.sides[0]!.records[0]).toMatchObject({
    source: { name: "crm" },
    kind: "LEAD",
    attributes: { first_name: "Dinis" },
  });
  expect(item.probability).toBeGreaterThan(0.6);
  expect(item.weights.length).toBeGreaterThan(2);
  const bits = item.weights.reduce((sum, { weightBits }) => sum + weightBits, 0);
  expect(1 / (1 + 2 ** -bits)).toBeCloseTo(item.probability!, 6);
  const ids = async (filter: object) =>
    (await reviewer.queue(filter as Record<string, unknown>)).nodes.map(({ id }) => id);
  expect(await ids({ probabilityFrom: 0.6, probabilityTo: 0.95, source: "crm" })).toContain(
    item.id,
  );
  expect(await ids({ probabilityFrom: 0.95 })).not.toContain(item.id);
});

test("given a match that was approved, when the records say something else, then they stay one", async () => {
  const { one, other, item } = await likely("Graça", "Ventura");
  const { change, problems } = await reviewer.say(item.id, "APPROVE");
  expect([change!.kind, problems]).toEqual(["MERGE", []]);
  const person = await personOf(one);
  expect(await personOf(other)).toBe(person);
  await later(other, { first_name: "Hugo", last_name: "Sacramento", city: "Braga" });
  expect(await personOf(other)).toBe(await personOf(one));
});

test("given a match that was rejected, when the records come to match for certain, then they stay two, and the contradiction is asked", async () => {
  const { one, other, item, attributes } = await likely("Otília", "Meneses");
  expect((await reviewer.say(item.id, "REJECT")).problems).toEqual([]);
  const certain = { ...attributes, city: "Faro", birthDate: "1961-03-04", phone: "+351917000111" };
  await later(one, certain);
  await later(other, certain);
  expect(await personOf(other)).not.toBe(await personOf(one));
  const { nodes } = await reviewer.queue({ person: await personOf(one) });
  expect(nodes.map(({ cause }) => cause)).toEqual(["CONTRADICTION"]);
});

test("given a match of the medium band, when the records come to match for certain, then they are one and nothing is asked any more", async () => {
  const { one, other, item, attributes } = await likely("Simão", "Lacerda");
  const certain = { ...attributes, city: "Faro", birthDate: "1950-12-24", phone: "+351917000222" };
  await later(one, certain);
  await later(other, certain);
  expect(await personOf(other)).toBe(await personOf(one));
  const { nodes } = await reviewer.queue({ person: await personOf(one), states: ["CLOSED"] });
  expect(nodes.map(({ id }) => id)).toContain(item.id);
});

/** Two records that the model makes one person, and whose match is drawn by lot. */
async function sampled(givenName: string, familyName: string, birthDate: string) {
  const one = unique("r");
  let other = unique("r");
  const keyOf = (key: string) => `record:crm/LEAD/${key}`;
  const isDrawn = () => {
    const [low, high] = [keyOf(one), keyOf(other)].sort();
    return isSampled({ low: low!, high: high! });
  };
  while (!isDrawn()) other = unique("r");
  const attributes = {
    givenName,
    familyName,
    birthDate,
    postalCode: "1100-148",
  };
  const records = [lead(attributes, one), lead(attributes, other)];
  await putRecords(world, "crm", records[0]!);
  await putRecords(world, "crm", records[1]!);
  const person = await personOf(records[0]!);
  const { nodes } = await reviewer.queue({ person, cause: "SAMPLE" });
  return { records, person, item: nodes[0] as QueueNode };
}

test("given matches drawn by lot, when reviewers look at them, then a wrong one is split and the share of false merges is told", async () => {
  const right = await sampled("Ana", "Valadares", "1988-04-02");
  const wrong = await sampled("Rui", "Figueiroa", "1951-10-30");
  expect(await personOf(right.records[1]!)).toBe(right.person);
  expect(right.item.sides.map(({ person }) => person!.id)).toEqual([right.person, right.person]);
  expect((await reviewer.say(right.item.id, "APPROVE")).change).toBeNull();
  const { change, problems } = await reviewer.say(wrong.item.id, "REJECT");
  expect(problems).toEqual([]);
  expect(change).toMatchObject({ kind: "SPLIT" });
  expect(await personOf(wrong.records[1]!)).not.toBe(await personOf(wrong.records[0]!));
  const health = new ReviewHealth(new ReviewListing(world.platform.database));
  const estimate = (await health.falseMergeEstimate())!;
  expect(estimate).toMatchObject({ share: 0.5, sampled: 2 });
  expect(estimate.low).toBeLessThan(0.5);
  await likely("Zita", "Roquete");
  expect(await health.oldestAt()).toBeInstanceOf(Date);
  const { nodes } = await reviewer.queue();
  expect(nodes.map(({ cause }) => cause)).not.toContain("SAMPLE");
});
