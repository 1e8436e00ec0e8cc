import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { IdentityWorld, unique } from "./identity-world.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

// The identity fields of contract/profile.graphql.
const profile = `query Profile($by: PersonBy!) {
  person(by: $by) {
    id createdAt redirectedFrom
    identifiers(first: 50) {
      nodes { namespace value kind confidence band firstSeenAt lastSeenAt sources { name } } totalCount
    }
    traits { name value source { name } observedAt }
    devices(first: 20) { nodes { device { id namespace value } from until confidence } }
    accounts(first: 20) { nodes { account { id name } role confidence source { name } } }
    sessions { nodes { namespace value } totalCount }
  }
}`;

interface Profile {
  id: string;
  createdAt: string;
  redirectedFrom: string[];
  identifiers: { nodes: Record<string, unknown>[]; totalCount: number };
  traits: { name: string; value: unknown; source: { name: string }; observedAt: string }[];
  devices: {
    nodes: { device: { id: string; value: string }; from: string; until: string | null }[];
  };
  accounts: { nodes: Record<string, unknown>[] };
  sessions: { totalCount: number };
}

const read = async (namespace: string, value: string, scopes?: readonly "profiles:read"[]) =>
  (
    await world.ask<{ person: Profile | null }>(
      profile,
      { by: { identifier: { namespace, value } } },
      scopes,
    )
  ).person;

describe("a profile", () => {
  test("given events of two sources, when the profile is read by an address in other case, then all of it is there", async () => {
    const [user, device, session, mail] = [unique("U"), unique("d"), unique("s"), unique("Ana")];
    const address = `${mail}@Example.com`;
    await world.accept(
      {
        at: "2026-02-01T00:00:00.000Z",
        ids: { anonymous_id: device, session_id: session },
        type: "PAGE",
      },
      {
        at: "2026-02-02T00:00:00.000Z",
        ids: { user_id: user, anonymous_id: device, email: address },
        traits: { first_name: "Ana", email: address, nothing: null, nested: { a: [1] } },
      },
      {
        at: "2026-02-03T00:00:00.000Z",
        source: "crm",
        type: "GROUP",
        ids: { user_id: user },
        groupId: unique("acme"),
        traits: { name: "Acme", role: "owner" },
      },
    );
    const person = (await read("email", ` ${address.toUpperCase()} `))!;
    expect(person.createdAt).toBe("2026-02-01T00:00:00.000Z");
    expect(person.identifiers.totalCount).toBe(4);
    expect(person.identifiers.nodes.map(({ namespace, kind }) => [namespace, kind])).toEqual([
      ["email", "PERSON"],
      ["user_id", "PERSON"],
      ["anonymous_id", "DEVICE"],
      ["session_id", "SESSION"],
    ]);
    const [email, userId, anonymous] = person.identifiers.nodes;
    expect(email).toMatchObject({ value: address.toLowerCase(), confidence: 0.99, band: "HIGH" });
    expect(userId).toMatchObject({
      value: user,
      confidence: 1,
      firstSeenAt: "2026-02-02T00:00:00.000Z",
      lastSeenAt: "2026-02-03T00:00:00.000Z",
      sources: [{ name: "crm" }, { name: "web" }],
    });
    expect(anonymous).toMatchObject({ confidence: 0.96 });
    expect(person.traits).toEqual([
      {
        name: "email",
        value: address,
        source: { name: "web" },
        observedAt: "2026-02-02T00:00:00.000Z",
      },
      {
        name: "first_name",
        value: "Ana",
        source: { name: "web" },
        observedAt: "2026-02-02T00:00:00.000Z",
      },
      {
        name: "nested",
        value: { a: [1] },
        source: { name: "web" },
        observedAt: "2026-02-02T00:00:00.000Z",
      },
    ]);
    expect(person.devices.nodes).toMatchObject([
      { device: { value: device }, from: "2026-02-01T00:00:00.000Z", until: null },
    ]);
    expect(person.accounts.nodes).toMatchObject([
      { account: { name: "Acme" }, role: "owner", confidence: 1, source: { name: "crm" } },
    ]);
    expect(person.sessions.totalCount).toBe(1);
  });

  test("given no scope for personal data, when a profile is read, then names stay and values are masked", async () => {
    const mail = `${unique("secret")}@example.com`;
    await world.accept({
      ids: { email: mail, anonymous_id: unique("secret") },
      traits: { city: "secret" },
    });
    const person = await read("email", mail, ["profiles:read"]);
    const text = JSON.stringify(person);
    expect(text).toContain("city");
    expect(text).not.toContain("secret");
    expect(text).not.toContain(Buffer.from(mail).toString("base64url").slice(0, 12));
  });

  test("given values that identify nobody, when they are asked for, then there is no person, and events with them join nobody", async () => {
    const [a, b] = [unique("u"), unique("u")];
    await world.accept(
      { ids: { user_id: a, email: "noreply@shop.example", anonymous_id: '"NULL"' } },
      { ids: { user_id: b, email: "NoReply@shop.example", anonymous_id: "undefined" } },
      { ids: { email: "noreply@shop.example", made_up: "x" }, type: "TRACK", name: "Sent" },
    );
    expect(await world.personOf("user_id", a)).not.toBe(await world.personOf("user_id", b));
    expect(await read("email", "noreply@shop.example")).toBeNull();
    expect(await read("made_up", "x")).toBeNull();
    const { resolved } = await world.announced();
    expect(resolved.at(-1)!.subjects.at(-1)).toMatchObject({ subjectKey: null, personId: null });
  });

  test("given traits out of order and of several sources, when the record is read, then event time decides and null says nothing", async () => {
    const user = unique("u");
    await world.accept(
      { at: "2026-01-03T00:00:00.000Z", ids: { user_id: user }, traits: { plan: "gold" } },
      { at: "2026-01-01T00:00:00.000Z", ids: { user_id: user }, traits: { plan: "free", x: 1 } },
      { at: "2026-01-04T00:00:00.000Z", ids: { user_id: user }, traits: { plan: null, x: 0 } },
      { at: "2026-01-02T00:00:00.000Z", source: "crm", ids: { user_id: user }, traits: { x: 9 } },
    );
    const person = (await read("user_id", user))!;
    expect(person.traits.map(({ name, value }) => [name, value])).toEqual([
      ["plan", "gold"],
      ["x", 0],
    ]);
  });

  test("given two people on one device, when devices are read, then both used it, one after the other", async () => {
    const [a, b, device] = [unique("u"), unique("u"), unique("d")];
    await world.accept(
      { at: "2026-01-01T00:00:00.000Z", ids: { user_id: a, anonymous_id: device } },
      { at: "2026-01-05T00:00:00.000Z", ids: { user_id: b, anonymous_id: device } },
    );
    const [first, second] = [(await read("user_id", a))!, (await read("user_id", b))!];
    expect(first.devices.nodes).toMatchObject([
      { from: "2026-01-01T00:00:00.000Z", until: "2026-01-05T00:00:00.000Z" },
    ]);
    expect(second.devices.nodes).toMatchObject([{ from: "2026-01-05T00:00:00.000Z", until: null }]);
    const { _entities } = await world.ask<{ _entities: { value: string }[] }>(
      "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Device { value } ... on Person { id } } }",
      { r: [{ __typename: "Device", id: first.devices.nodes[0]!.device.id }] },
    );
    expect(_entities).toEqual([{ value: device }]);
  });

  test("given an alias, when the earlier id turns up, then it is the same person, even where both are user ids", async () => {
    const [anonymous, user, old] = [unique("a"), unique("u"), unique("u")];
    await world.accept({ ids: { anonymous_id: anonymous } }, { ids: { user_id: old } });
    await world.accept(
      { type: "ALIAS", ids: { user_id: user }, previousId: anonymous },
      { type: "ALIAS", ids: { user_id: user }, previousId: old },
    );
    expect(await world.personOf("anonymous_id", anonymous)).toBe(
      await world.personOf("user_id", user),
    );
    expect(await world.personOf("user_id", old)).toBe(await world.personOf("user_id", user));
    const person = (await read("user_id", user))!;
    // What was only claimed to be an id, and never seen as one, is not shown.
    expect(person.identifiers.totalCount).toBe(3);
  });

  test("given persons, when they are listed, then by trait, by identifier and page by page", async () => {
    const club = unique("club");
    const users = Array.from({ length: 5 }, () => unique("u"));
    await world.accept(...users.map((user) => ({ ids: { user_id: user }, traits: { club } })));
    const list = async (variables: object) =>
      (
        await world.ask<{
          persons: {
            nodes: { id: string }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        }>(
          `query ($first: Int, $after: String, $filter: PersonFilter) {
            persons(first: $first, after: $after, filter: $filter) {
              nodes { id } pageInfo { hasNextPage endCursor } } }`,
          variables,
        )
      ).persons;
    const filter = { traits: [{ name: "club", value: club }] };
    const one = await list({ first: 3, filter });
    expect(one.nodes).toHaveLength(3);
    const two = await list({ first: 3, filter, after: one.pageInfo.endCursor });
    expect(two.nodes).toHaveLength(2);
    expect(two.pageInfo.hasNextPage).toBe(false);
    const all = await list({ first: 5, filter });
    expect(all.nodes).toHaveLength(5);
    expect(all.pageInfo.hasNextPage).toBe(false);
    const nothing = { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } };
    expect(await list({ first: 0, filter })).toEqual(nothing);
    expect(await list({ first: 0 })).toEqual(nothing);
    const nobody = { traits: [{ name: "club", value: unique("none") }] };
    expect((await list({ first: 0, filter: nobody })).pageInfo.hasNextPage).toBe(false);
    const named = { identifiers: [{ namespace: "user_id", value: users[0] }] };
    expect((await list({ filter: named })).nodes).toHaveLength(1);
    expect((await list({ first: 2 })).pageInfo.hasNextPage).toBe(true);
  });
});
