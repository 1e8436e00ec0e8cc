import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { IdentityWorld, unique } from "./identity-world.ts";
import { Reviewer } from "./review-words.ts";

let world: IdentityWorld;
let reviewer: Reviewer;
beforeAll(async () => {
  world = await IdentityWorld.start();
  reviewer = new Reviewer(world);
}, 120_000);
afterAll(() => world?.stop());

/** Two customers on one e-mail address and one device: the rules keep them apart. */
async function conflict() {
  const [a, b] = [unique("003"), unique("003")];
  const [email, device] = [`${unique("e")}@x.org`, unique("a")];
  await world.accept(
    { at: "2026-01-01T00:00:00.000Z", ids: { crm_contact_id: a, email, anonymous_id: device } },
    { at: "2026-01-02T00:00:00.000Z", ids: { crm_contact_id: b, email, anonymous_id: device } },
  );
  const first = (await world.personOf("crm_contact_id", a))!;
  const second = (await world.personOf("crm_contact_id", b))!;
  const { nodes } = await reviewer.queue({ person: first });
  return { a, b, email, device, first, second, item: nodes[0]!, nodes };
}

const revert = (change: string) =>
  world.ask(
    `mutation ($input: RevertIdentityChangeInput!) { revertIdentityChange(input: $input) {
      problems { code } } }`,
    { input: { change } },
  );

describe("what constraints refused", () => {
  test("given two customers with one address and one device, when they are resolved, then one item asks about the two", async () => {
    const { nodes, item, first, second, email, a, b } = await conflict();
    expect(nodes).toHaveLength(1);
    expect(item).toMatchObject({ cause: "CONSTRAINT", probability: null, state: "OPEN" });
    const persons = item.sides.map(({ person }) => person!.id);
    expect(persons.sort()).toEqual([first, second].sort());
    const values = item.sides.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    expect(values).toEqual(expect.arrayContaining([email, b]));
    expect(values).not.toContain(a);
    const { nodes: again } = await reviewer.queue({ person: second });
    expect(again.map(({ id }) => id)).toEqual([item.id]);
  });

  test("given an item, when it is approved, then the two are one, and it stays so on replay", async () => {
    const { a, b, email, device, first, second, item } = await conflict();
    const { item: decided, change, problems } = await reviewer.say(item.id, "APPROVE");
    expect(problems).toEqual([]);
    expect(decided).toMatchObject({
      id: item.id,
      verdict: "APPROVE",
      decidedBy: "key_test",
      decidedAt: expect.stringMatching(/Z$/),
      state: "DECIDED",
    });
    expect(change).toMatchObject({ kind: "MERGE" });
    expect(await world.personOf("crm_contact_id", b)).toBe(first);
    await world.accept(
      { at: "2026-01-01T00:00:00.000Z", ids: { crm_contact_id: b, email, anonymous_id: device } },
      { at: "2026-03-01T00:00:00.000Z", ids: { crm_contact_id: a, email } },
    );
    expect(await world.personOf("crm_contact_id", a)).toBe(first);
    expect(await world.personOf("crm_contact_id", b)).toBe(first);
    expect((await reviewer.queue({ person: second })).nodes).toEqual([]);
    expect((await reviewer.say(item.id, "APPROVE")).problems).toMatchObject([
      { code: "REVIEW_ITEM_DECIDED", path: ["item"] },
    ]);
    await revert(change!.id);
    expect(await world.personOf("crm_contact_id", b)).toBe(second);
    const { nodes } = await reviewer.queue({ person: second });
    expect(nodes.map(({ id, verdict }) => [id, verdict])).toEqual([[item.id, null]]);
  });

  test("given an item, when it is rejected, then the two stay two, and only new evidence against it comes back as a contradiction", async () => {
    const { a, b, email, device, first, second, item } = await conflict();
    const { item: decided, change, problems } = await reviewer.say(item.id, "REJECT");
    expect([decided!.verdict, change, problems]).toEqual(["REJECT", null, []]);
    await world.accept({ at: "2026-02-01T00:00:00.000Z", ids: { crm_contact_id: b, email } });
    await world.accept({ ids: { crm_contact_id: b, anonymous_id: device } });
    expect((await reviewer.queue({ person: first })).nodes).toEqual([]);
    const phone = "+351912345678";
    await world.accept({ ids: { crm_contact_id: a, phone } });
    await world.accept({ at: "2026-05-01T00:00:00.000Z", ids: { crm_contact_id: b, phone } });
    expect(await world.personOf("crm_contact_id", b)).toBe(second);
    const { nodes } = await reviewer.queue({ person: first });
    expect(nodes).toMatchObject([{ cause: "CONTRADICTION", state: "OPEN" }]);
    const { change: merged } = await reviewer.say(nodes[0]!.id, "APPROVE");
    expect(merged).toMatchObject({ kind: "MERGE" });
    expect(await world.personOf("crm_contact_id", b)).toBe(first);
  });

  test("given two persons merged by hand, when evidence names a second customer for one of them, then it contradicts the merge", async () => {
    const [a, other, third] = [unique("003"), unique("lead"), unique("003")];
    const email = `${unique("e")}@x.org`;
    await world.accept({ ids: { crm_contact_id: a } });
    await world.accept({ ids: { crm_lead_id: other, email } });
    const into = (await world.personOf("crm_contact_id", a))!;
    const from = [(await world.personOf("crm_lead_id", other))!];
    await world.ask(
      "mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { problems { code } } }",
      { input: { into, from, reason: "One" } },
    );
    await world.accept({ at: "2026-04-01T00:00:00.000Z", ids: { crm_contact_id: third, email } });
    const { nodes } = await reviewer.queue({ person: into });
    expect(nodes).toMatchObject([{ cause: "CONTRADICTION" }]);
  });

  test("given an open item, when later evidence takes its reason away, then it is closed", async () => {
    const { first, second, item } = await conflict();
    await world.ask(
      "mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { problems { code } } }",
      { input: { into: first, from: [second], reason: "One" } },
    );
    expect((await reviewer.queue({ person: first })).nodes).toEqual([]);
    const { nodes } = await reviewer.queue({ person: first, states: ["CLOSED"] });
    expect(nodes.map(({ id }) => id)).toContain(item.id);
    expect((await reviewer.say(item.id, "APPROVE")).problems).toMatchObject([
      { code: "REVIEW_ITEM_CLOSED" },
    ]);
  });
});

describe("the queue", () => {
  test("given items, when they are paged, then each comes once and the count is of all", async () => {
    const wanted = [];
    for (let count = 0; count < 5; count += 1) wanted.push((await conflict()).item.id);
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const page = await reviewer.queue({}, { first: 2, after });
      seen.push(...page.nodes.map(({ id }) => id));
      expect(page.nodes.length).toBeLessThanOrEqual(2);
      more = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(wanted));
    expect((await reviewer.queue({}, { first: 0 })).totalCount).toBe(seen.length);
  });

  test("given an item, when it is deferred, then it stays in the queue, behind the others", async () => {
    const { item } = await conflict();
    const { item: put, change } = await reviewer.say(item.id, "DEFER", {
      deferUntil: new Date(world.platform.clock.now().getTime() + 86_400_000).toISOString(),
    });
    expect([put!.verdict, put!.state, change]).toEqual(["DEFER", "OPEN", null]);
    await conflict();
    const { nodes } = await reviewer.queue();
    expect(nodes.at(-1)!.id).toBe(item.id);
    expect((await reviewer.say(item.id, "REJECT")).problems).toEqual([]);
  });

  test("given items, when the queue is filtered, then it holds those that meet every condition", async () => {
    const { item, first } = await conflict();
    const assign = (assignee: string | null) =>
      world.ask<{ assignReview: { item: { assignee: string } | null; problems: object[] } }>(
        `mutation ($input: AssignReviewInput!) { assignReview(input: $input) {
          item { assignee } problems { code } } }`,
        { input: { item: item.id, assignee } },
      );
    const somebody = unique("reviewer");
    expect((await assign(somebody)).assignReview.item).toEqual({ assignee: somebody });
    const ids = async (filter: object) =>
      (await reviewer.queue(filter as Record<string, unknown>)).nodes.map(({ id }) => id);
    expect(await ids({ assignee: somebody })).toEqual([item.id]);
    expect(await ids({ person: first, unassigned: true })).toEqual([]);
    expect(await ids({ person: first, cause: "CONSTRAINT", source: "web" })).toEqual([item.id]);
    expect(await ids({ person: first, source: "crm" })).toEqual([]);
    expect(await ids({ person: first, cause: "MEDIUM_MATCH" })).toEqual([]);
    expect(await ids({ person: first, probabilityFrom: 0.5 })).toEqual([]);
    expect(await ids({ person: first, createdBefore: "2000-01-01T00:00:00Z" })).toEqual([]);
    expect(await ids({ person: first, createdFrom: "2000-01-01T00:00:00Z" })).toEqual([item.id]);
    expect((await assign("")).assignReview.problems).toEqual([{ code: "ASSIGNEE_INVALID" }]);
  });

  test("given bad input, when somebody answers, then the problem says what is wrong", async () => {
    const { item } = await conflict();
    const codes = async (...args: Parameters<Reviewer["say"]>) =>
      (await reviewer.say(...args)).problems.map(({ code }) => code);
    expect(await codes("review_none", "APPROVE")).toEqual(["REVIEW_ITEM_UNKNOWN"]);
    expect(await codes(item.id, "APPROVE", { reason: " " })).toEqual(["REASON_INVALID"]);
    expect(await codes(item.id, "DEFER", { deferUntil: "2001-01-01T00:00:00Z" })).toEqual([
      "DEFER_UNTIL_INVALID",
    ]);
    const until = new Date(world.platform.clock.now().getTime() + 1_000).toISOString();
    expect(await codes(item.id, "REJECT", { deferUntil: until })).toEqual(["DEFER_UNTIL_INVALID"]);
  });

  test("given scopes, when somebody without them asks, then it is refused, and values are masked without pii:read", async () => {
    const { item, first } = await conflict();
    await expect(reviewer.queue({}, {}, ["identity:review"])).rejects.toThrow("profiles:read");
    await expect(reviewer.say(item.id, "REJECT", {}, ["profiles:read"])).rejects.toThrow(
      "identity:review",
    );
    const { nodes } = await reviewer.queue({ person: first }, {}, ["profiles:read"]);
    for (const { value } of nodes[0]!.sides.flatMap(({ identifiers }) => identifiers)) {
      expect(value).toMatch(/^.•••$/u);
    }
    const { problems } = await reviewer.say(item.id, "REJECT", {}, ["identity:review"]);
    expect(problems).toEqual([]);
  });
});
