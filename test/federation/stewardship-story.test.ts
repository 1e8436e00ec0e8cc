import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually, type RunningLayout, startLayout } from "./running-layout.ts";
import { operation } from "./operation.ts";

/** Two systems know the same two people; the CRM holds one of them twice. */
let layout: RunningLayout;
let approver: string;

type Answer = Record<string, Record<string, unknown> & { problems?: unknown[] }>;
interface Item {
  id: string;
  cause: string;
  sides: { person: { id: string }; records: { key: string }[] }[];
}

const ana = { givenName: "Ana", familyName: "Sousa", birthDate: "1988-04-02" };
const rui = { givenName: "Rui", familyName: "Costa", birthDate: "1975-11-12", city: "Porto" };

async function run<T = Answer>(name: string, variables: object, key?: string): Promise<T> {
  return layout.ask<T>(operation(name), variables as Record<string, unknown>, key);
}

async function personOf(namespace: string, value: string): Promise<string | null> {
  const by = { identifier: { namespace, value } };
  const { person } = await run<{ person: { id: string } | null }>("PersonId", { by });
  return person?.id ?? null;
}

async function queue(): Promise<Item[]> {
  const { reviewQueue } = await run<{ reviewQueue: { nodes: Item[] } }>("ReviewQueue", {
    first: 50,
  });
  return reviewQueue.nodes;
}

function record(kind: string, namespace: string, key: string, attributes: object) {
  const observedAt = "2026-01-01T10:00:00Z";
  return { kind, key, observedAt, identifiers: [{ namespace, value: key }], attributes };
}

beforeAll(async () => {
  layout = await startLayout();
  for (const name of ["sales", "school"]) {
    await run("CreateSource", { input: { name, title: name, kind: "CRM" } });
  }
  const created = await layout.ask<Answer>(
    `mutation { createApiKey(input: { name: "second steward",
       scopes: ["identity:write", "profiles:read"] }) { secret problems { message } } }`,
  );
  approver = created.createApiKey!.secret as string;
}, 120_000);
afterAll(() => layout?.remove(), 60_000);

test("given records of two systems, when put, then those of one human are one person, and one that is no record is told why", async () => {
  const contacts = [
    record("CONTACT", "crm_contact_id", "C1", {
      ...ana,
      email: "ana@example.com",
      postalCode: "1100",
    }),
    record("CONTACT", "crm_contact_id", "C2", {
      ...ana,
      email: "ana@work.example",
      postalCode: "1100",
    }),
    record("CONTACT", "crm_contact_id", "C3", { ...rui, email: "rui@example.com" }),
    { ...record("CONTACT", "crm_contact_id", "C4", {}), observedAt: "yesterday" },
  ];
  const first = await run("PutRecords", { input: { source: "sales", records: contacts } });
  expect(first.putRecords).toMatchObject({ accepted: 3, problems: [] });
  expect(first.putRecords!.rejected).toMatchObject([{ index: 3, key: "C4" }]);
  const learners = [
    record("LEARNER", "lms_learner_id", "L1", {
      ...ana,
      email: "ana@example.com",
      postalCode: "1100",
    }),
    record("LEARNER", "lms_learner_id", "L2", { ...rui, email: "rui@example.com" }),
  ];
  const second = await run("PutRecords", { input: { source: "school", records: learners } });
  expect(second.putRecords).toMatchObject({ accepted: 2, rejected: [] });
  const again = await run("PutRecords", { input: { source: "school", records: learners } });
  expect(again.putRecords).toMatchObject({ accepted: 2, rejected: [] });
  const [c1, c2, c3] = await Promise.all(
    ["C1", "C2", "C3"].map((key) => personOf("crm_contact_id", key)),
  );
  expect(await personOf("lms_learner_id", "L1")).toBe(c1);
  expect(await personOf("lms_learner_id", "L2")).toBe(c3);
  expect(new Set([c1, c2, c3]).size).toBe(3);
});

test("given a contact that the CRM holds twice, when a human approves, then it is one person, and so it was previewed", async () => {
  const items = await eventually(queue, (all) => all.length > 0);
  const item = items.find(({ sides }) =>
    sides.every(({ records }) => records.some(({ key }) => ["C1", "C2"].includes(key))),
  )!;
  expect(item.cause).toBe("CONSTRAINT");
  const [into, from] = item.sides.map(({ person }) => person.id);
  const { previewMerge: preview } = await run("PreviewMerge", { into, from: [from] });
  expect(preview).toMatchObject({
    allowed: true,
    refusals: [{ constraint: "EXCLUSIVE_NAMESPACE" }],
    traits: expect.arrayContaining([
      { name: "familyName", value: "Sousa", from: expect.anything() },
    ]),
  });
  const silent = await run("ReviewMatch", {
    input: { item: item.id, verdict: "APPROVE", reason: "" },
  });
  expect(silent.reviewMatch).toMatchObject({ item: null, problems: [{ path: ["reason"] }] });
  const input = { item: item.id, verdict: "APPROVE", reason: "Same birth date and club card" };
  const { reviewMatch } = await run("ReviewMatch", { input });
  expect(reviewMatch).toMatchObject({ item: { verdict: "APPROVE" }, change: { kind: "MERGE" } });
  expect(await personOf("crm_contact_id", "C2")).toBe(await personOf("crm_contact_id", "C1"));
  const twice = await run("ReviewMatch", { input });
  expect(twice.reviewMatch!.problems).toMatchObject([{ code: "REVIEW_ITEM_DECIDED" }]);
  // What the systems say once more does not undo a human's word, nor ask again.
  await eventually(queue, (all) => !all.some(({ id }) => id === item.id));
});

test("given a policy of somebody, when simulated, approved by somebody else and activated, then it counts, and can be rolled back", async () => {
  const before = [await personOf("crm_contact_id", "C3"), await personOf("lms_learner_id", "L2")];
  const policy = { namespaces: [{ name: "phone", limit: 2 }], highFrom: 0.9999 };
  const proposed = await run("ProposeIdentityPolicy", { input: { base: 1, policy } });
  expect(proposed.proposeIdentityPolicy).toMatchObject({
    policy: { state: "PROPOSED" },
    problems: [],
  });
  const { version } = proposed.proposeIdentityPolicy!.policy as { version: number };
  const wrong = await run("ProposeIdentityPolicy", {
    input: { base: 1, policy: { namespaces: [{ name: "phone", limit: 0 }], highFrom: 7 } },
  });
  expect(wrong.proposeIdentityPolicy!.problems!.length).toBeGreaterThanOrEqual(2);
  const { simulateIdentityPolicy } = await run("SimulateIdentityPolicy", { input: { version } });
  const { id } = simulateIdentityPolicy!.simulation as { id: string };
  const { identitySimulation } = await eventually(
    () => run("IdentitySimulation", { id }),
    (answer) => answer.identitySimulation!.state === "DONE",
  );
  expect(identitySimulation!.splits).toBeGreaterThanOrEqual(1);
  expect([await personOf("crm_contact_id", "C3"), await personOf("lms_learner_id", "L2")]).toEqual(
    before,
  );
  const own = await run("ApproveIdentityPolicy", { input: { version } });
  expect(own.approveIdentityPolicy!.problems).toMatchObject([{ code: "OWN_PROPOSAL" }]);
  const approved = await run("ApproveIdentityPolicy", { input: { version } }, approver);
  expect(approved.approveIdentityPolicy).toMatchObject({ policy: { state: "APPROVED" } });
  const activated = await run("ActivateIdentityPolicy", { input: { version } });
  expect(activated.activateIdentityPolicy).toMatchObject({ policy: { version, state: "ACTIVE" } });
  const areOne = async () =>
    (await personOf("crm_contact_id", "C3")) === (await personOf("lms_learner_id", "L2"));
  await eventually(areOne, (one) => !one);
  // A human's word stands under any policy.
  expect(await personOf("crm_contact_id", "C2")).toBe(await personOf("crm_contact_id", "C1"));
  await run("ActivateIdentityPolicy", { input: { version: 1 } });
  await eventually(areOne, Boolean);
});

test("given time, then a profile can be asked for as it was", async () => {
  const by = { identifier: { namespace: "crm_contact_id", value: "C1" } };
  const past = await run("ProfileAsOf", { by, asOf: "2020-01-01T00:00:00Z" });
  expect(past.person).toBeNull();
  const { person } = await run("ProfileAsOf", { by, asOf: new Date().toISOString() });
  const { nodes } = person!.identifiers as unknown as { nodes: { value: string }[] };
  expect(nodes.map(({ value }) => value)).toEqual(expect.arrayContaining(["C1", "C2", "L1"]));
});

test("given a person, when exported and erased, then all is told once, every store forgets it, and what is told once more brings nothing back", async () => {
  const person = await personOf("crm_contact_id", "C3");
  const { exportPerson } = await run<{ exportPerson: unknown }>("ExportPerson", {
    by: { id: person },
  });
  expect(JSON.stringify(exportPerson)).toContain("rui@example.com");
  const { erase } = await run("Erase", { input: { subject: { person }, reason: "Request 4711" } });
  expect(erase!.problems).toEqual([]);
  const { id } = erase!.erasure as { id: string };
  const erasure = `query($id: ID!) { erasure(id: $id) { state stores { name state } } }`;
  const done = await eventually(
    () => layout.ask<Answer>(erasure, { id }),
    (answer) => answer.erasure!.state === "DONE",
    60_000,
  );
  const stores = done.erasure!.stores as { state: string }[];
  expect(stores.every(({ state }) => state === "DONE")).toBe(true);
  const areGone = async () => [
    await personOf("crm_contact_id", "C3"),
    await personOf("lms_learner_id", "L2"),
  ];
  expect(await areGone()).toEqual([null, null]);
  const records = [record("CONTACT", "crm_contact_id", "C3", { ...rui, email: "rui@example.com" })];
  await run("PutRecords", { input: { source: "sales", records } });
  expect(await areGone()).toEqual([null, null]);
});

test("given the graph, then its health is told in numbers that fit together", async () => {
  const { identityHealth: health } = await run("IdentityHealth", {});
  const sizes = health!.componentSizes as { atMost: number; count: number }[];
  // The two people were one contact twice and one who is erased.
  expect(health!.persons).toBe(1);
  expect(sizes.reduce((sum, { count }) => sum + count, 0)).toBe(1);
  expect(health!.coverage).toContainEqual({ namespace: "crm_contact_id", share: 1 });
  expect(health!.mergesPerDay).toBeGreaterThan(0);
  expect(health!.reviewOldestAt).toBeNull();
});
