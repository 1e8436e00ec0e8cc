import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ExecutionResult, parse, subscribe } from "graphql";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { allScopes, type Scope } from "../../kernel/security/scopes.ts";
import { AudienceWorld } from "./audience-world.ts";

interface Change {
  cursor: string;
  kind: string;
  personId: string;
  audience: { name: string };
}

const subscription = `subscription($audiences: [String!], $after: Cursor) {
  audienceMembershipChanged(audiences: $audiences, after: $after) {
    cursor occurredAt kind personId version audience { name } person { id } } }`;

async function follow(world: AudienceWorld, variables: Record<string, unknown>) {
  const { schema } = world.platform.running.subgraphs.get("audiences")!.schema;
  const result = await subscribe({
    schema,
    document: parse(subscription),
    variableValues: variables,
    contextValue: new RequestContext({ id: "key_test", scopes: allScopes }),
  });
  if (!(Symbol.asyncIterator in result)) throw new Error(String(result.errors?.[0]?.message));
  return result as AsyncGenerator<ExecutionResult<{ audienceMembershipChanged: Change }>>;
}

const createDocument = `mutation($input: CreateAudienceInput!) { createAudience(input: $input) {
  audience { name title owner purpose versions { number state rule } } problems { code path } } }`;

describe("the public face of audiences", () => {
  let world: AudienceWorld;
  beforeAll(async () => {
    world = await AudienceWorld.start();
  }, 120_000);
  afterAll(() => world?.stop());

  test("given an audience, when its title or owner is set to null, then a problem, and both stay", async () => {
    const rule = { event: { name: "x", within: "PT1H" } };
    const input = { name: "titled", title: "T", owner: "growth", purpose: "p", rule };
    await world.ask(createDocument, { input });
    const document = `mutation($input: UpdateAudienceInput!) { updateAudience(input: $input) {
      audience { title } problems { code path } } }`;
    for (const field of ["title", "owner"]) {
      expect(await world.ask(document, { input: { name: "titled", [field]: null } })).toEqual({
        updateAudience: { audience: null, problems: [{ code: "INVALID_TEXT", path: [field] }] },
      });
    }
    expect(await world.ask(document, { input: { name: "titled", purpose: null } })).toEqual({
      updateAudience: { audience: { title: "T" }, problems: [] },
    });
  });

  test("given a rule that names addresses, when shown without pii:read, then they are masked, and bounds and names stay", async () => {
    const rule = (address: string, digits: string) => ({
      all: [
        { trait: { name: "email", is: { in: [address, "nobody"] } } },
        { trait: { name: "birthday", is: { before: "1990-01-01" } } },
        { not: { trait: { name: "phone", is: { startsWith: digits } } } },
        {
          event: {
            name: "order 12345678",
            within: "PT24H",
            where: [{ property: "equals", is: { contains: address } }],
          },
        },
      ],
    });
    const clear = rule("ana@example.com", "+49 170 1234567");
    const input = { name: "named", title: "T", owner: "growth", purpose: "p", rule: clear };
    await world.ask(createDocument, { input });
    const asked = (...scopes: Scope[]) =>
      world.platform.ask<{ audience: { versions: { rule: unknown }[] } }>(
        "audiences",
        '{ audience(name: "named") { versions { rule } } }',
        {},
        ["profiles:read", ...scopes],
      );
    expect((await asked("pii:read")).data?.audience.versions[0]?.rule).toEqual(clear);
    expect((await asked()).data?.audience.versions[0]?.rule).toEqual(rule("a•••", "+•••"));
  });

  test("given the contract's rule, when defined, then it comes back as it was written", async () => {
    const rule = {
      all: [
        { event: { name: "cart_updated", count: { atLeast: 1 }, within: "PT24H" } },
        { not: { event: { name: "order_completed", within: "PT24H" } } },
        { trait: { name: "country", is: { equals: "DE" } } },
      ],
    };
    const input = {
      name: "abandoners",
      title: "Left a cart",
      owner: "growth",
      purpose: "marketing",
      rule,
    };
    expect(await world.ask(createDocument, { input })).toEqual({
      createAudience: {
        audience: {
          name: "abandoners",
          title: "Left a cart",
          owner: "growth",
          purpose: "marketing",
          versions: [{ number: 1, state: "DRAFT", rule }],
        },
        problems: [],
      },
    });
    expect(await world.ask(createDocument, { input })).toMatchObject({
      createAudience: { audience: null, problems: [{ code: "AUDIENCE_EXISTS", path: ["name"] }] },
    });
  });

  test("given two conditions at one node, when sent, then the schema itself refuses", async () => {
    const rule = { trait: { name: "a", is: { exists: true } }, event: { name: "a" } };
    const input = { name: "two", title: "Two", owner: "x", rule };
    await expect(world.ask(createDocument, { input })).rejects.toThrow(/[Ee]xactly one/);
    const { sdl } = world.platform.running.subgraphs.get("audiences")!.schema;
    expect(sdl).toContain("input AudienceRule @oneOf");
    expect(sdl).toContain("input AudienceValueCondition @oneOf");
  });

  test("given faults that only we see, when sent, then they are problems with their paths", async () => {
    const rule = { all: [{ event: { name: "a", count: { atLeast: -1 }, within: "P1D" } }] };
    const { createAudience } = await world.ask<{ createAudience: { problems: unknown[] } }>(
      createDocument,
      { input: { name: "two words", title: " ", owner: "x", rule } },
    );
    expect(createAudience.problems).toEqual([
      { code: "INVALID_NAME", path: ["name"] },
      { code: "INVALID_TEXT", path: ["title"] },
      { code: "INVALID_COUNT", path: ["rule", "all", "0", "event", "count", "atLeast"] },
    ]);
  });

  test("given a reader, when he writes, then he may not", async () => {
    const asked = (document: string, scopes: Scope[]) =>
      world.platform.ask("audiences", document, {}, scopes);
    const write = await asked(
      'mutation { deactivateAudience(input: { name: "x" }) { problems { code } } }',
      ["profiles:read"],
    );
    expect(write.errors?.[0]?.message).toContain("audiences:write");
    const read = await asked('{ audience(name: "x") { name } }', ["events:write"]);
    expect(read.errors?.[0]?.message).toContain("profiles:read");
  });

  test("given persons, when a rule is tried, then count and sample are exact and nothing changes", async () => {
    for (const name of ["p1", "p2", "p3"]) await world.create(`person_${name}`, `user_id:${name}`);
    await world.traits("person_p1", { age: 30 });
    await world.happen(
      { key: "user_id:p1", person: "person_p1", name: "seen" },
      { key: "user_id:p2", person: "person_p2", name: "seen" },
    );
    await world.settle();
    const preview = (rule: unknown, sample = 1) =>
      world.ask<{ previewAudience: unknown }>(
        `query($rule: AudienceRule!, $sample: Int) { previewAudience(rule: $rule, sample: $sample) {
          count sample { id } personsScanned isComplete problems { code message path } } }`,
        { rule, sample },
      );
    expect(await preview({ event: { name: "seen" } })).toEqual({
      previewAudience: {
        count: 2,
        sample: [{ id: "person_p1" }],
        personsScanned: 3,
        isComplete: true,
        problems: [],
      },
    });
    const adults = { trait: { name: "age", is: { atLeast: 18 } } };
    expect(await preview(adults)).toMatchObject({ previewAudience: { count: 1 } });
    expect(await preview({ not: adults }, 0)).toMatchObject({
      previewAudience: { count: 2, sample: [] },
    });
    expect(await preview({ all: [] })).toMatchObject({
      previewAudience: { count: null, problems: [{ code: "INVALID_LIST" }] },
    });
  });

  test("given no pii:read, when a rule that tests values is tried, then it counts, and names nobody", async () => {
    const preview = (rule: unknown, selection: string) =>
      world.platform.ask(
        "audiences",
        `query($rule: AudienceRule!) { previewAudience(rule: $rule) { ${selection} } }`,
        { rule },
        ["profiles:read"],
      );
    const where = [{ property: "total", is: { atLeast: 5 } }];
    const rules = [{ trait: { name: "age", is: { equals: 30 } } }, { event: { name: "s", where } }];
    for (const rule of rules) {
      const nested = { all: [{ not: rule }] };
      const named = await preview(nested, "sample { id }");
      expect(named.errors?.[0]?.message).toContain("pii:read");
      const counted = await preview(nested, "count");
      expect(counted.errors).toBeUndefined();
    }
    const plain = await preview({ event: { name: "seen" } }, "sample { id }");
    expect(plain.errors).toBeUndefined();
  });

  test("given several persons, when their audiences are asked for at once, then each has his, a merged id its survivor's", async () => {
    await world.audience("seen", { event: { name: "seen" } });
    await world.audience("known", { not: { event: { name: "never" } } });
    await world.create("person_p4", "user_id:p4");
    await world.merge("person_p1", "person_p4", "user_id:p4");
    await world.settle();
    const result = await world.ask<{ _entities: unknown[] }>(
      `query($r: [_Any!]!) { _entities(representations: $r) { ... on Person {
        audiences(first: 1) { nodes { audience { name title } version enteredAt } totalCount
          pageInfo { hasNextPage } } } } }`,
      {
        r: ["person_p4", "person_p3", "person_nobody"].map((id) => ({ __typename: "Person", id })),
      },
    );
    expect(result._entities).toMatchObject([
      {
        audiences: {
          nodes: [{ audience: { name: "seen" }, version: 1 }],
          totalCount: 2,
          pageInfo: { hasNextPage: true },
        },
      },
      {
        audiences: {
          nodes: [{ audience: { name: "known" } }],
          totalCount: 1,
          pageInfo: { hasNextPage: false },
        },
      },
      { audiences: { nodes: [], totalCount: 0 } },
    ]);
  });

  test("given a subscriber, when he reconnects with his cursor, then he gets the rest, only of what he follows", async () => {
    const live = await follow(world, { audiences: ["live"], after: null });
    const first = live.next();
    await world.audience("live", { event: { name: "came" } });
    await world.create("person_q1", "user_id:q1");
    await world.happen({ key: "user_id:q1", person: "person_q1", name: "came" });
    const change = (await first).value.data.audienceMembershipChanged as Change;
    expect(change).toMatchObject({
      kind: "ENTERED",
      personId: "person_q1",
      version: 1,
      audience: { name: "live" },
      person: { id: "person_q1" },
    });
    await live.return(undefined);
    await world.create("person_q2", "user_id:q2");
    await world.happen({ key: "user_id:q2", person: "person_q2", name: "came" });
    await world.settle();
    const resumed = await follow(world, { audiences: ["live"], after: change.cursor });
    const next = (await resumed.next()).value.data.audienceMembershipChanged as Change;
    expect(next).toMatchObject({ kind: "ENTERED", personId: "person_q2" });
    await resumed.return(undefined);
  });

  test("given members who come and go while the pages are read, when the feed is applied after streamCursor, then the audience is exact", async () => {
    await world.audience("moving", { trait: { name: "on", is: { equals: true } } });
    const persons = Array.from(
      { length: 30 },
      (_, index) => `person_m${String(index).padStart(2, "0")}`,
    );
    for (const person of persons) await world.create(person, `email:${person}`);
    for (const person of persons.slice(0, 20)) await world.traits(person, { on: true });
    await world.settle();
    const held = new Set<string>();
    let after: string | null = null;
    let cursor = "";
    for (let page = 0; ; page += 1) {
      const {
        audience,
      }: {
        audience: {
          members: {
            nodes: { person: { id: string } }[];
            streamCursor: string;
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        };
      } = await world.ask(
        `query($after: String) { audience(name: "moving") { members(first: 4, after: $after) {
            nodes { person { id } } streamCursor pageInfo { hasNextPage endCursor } } } }`,
        { after },
      );
      for (const node of audience.members.nodes) held.add(node.person.id);
      if (page > 0) expect(audience.members.streamCursor).toBe(cursor);
      cursor = audience.members.streamCursor;
      after = audience.members.pageInfo.endCursor;
      await world.traits(persons[page]!, { on: null });
      await world.traits(persons[20 + page]!, { on: true });
      await world.traits(persons[19 - page]!, { on: null });
      await world.settle();
      if (!audience.members.pageInfo.hasNextPage) break;
    }
    const members = await world.members("moving");
    for (const change of await world.feed("moving")) {
      if (Number(change.cursor) <= Number(cursor)) continue;
      if (change.kind === "ENTERED") held.add(change.personId);
      else held.delete(change.personId);
    }
    expect([...held].sort()).toEqual(members);
  });
});
