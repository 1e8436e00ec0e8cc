import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { IdentityWorld, unique } from "./identity-world.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

// contract/identity.graphql
const document = `query ExplainIdentity($left: IdentifierInput!, $right: IdentifierInput!) {
  explainIdentity(left: $left, right: $right) {
    samePerson confidence band
    path { from { namespace value } to { namespace value } rule method confidence firstSeenAt lastSeenAt
      sources { name } messageIds }
    refusals { constraint message }
  }
}`;

interface Explanation {
  samePerson: boolean;
  confidence: number | null;
  band: string | null;
  path: { from: { value: string }; to: { value: string }; messageIds: string[]; rule: string }[];
  refusals: { constraint: string }[];
}

async function explain(left: [string, string], right: [string, string]): Promise<Explanation> {
  const of = ([namespace, value]: [string, string]) => ({ namespace, value });
  const variables = { left: of(left), right: of(right) };
  return (await world.ask<{ explainIdentity: Explanation }>(document, variables)).explainIdentity;
}

describe("explaining", () => {
  test("given one person, when two identifiers are explained, then the strongest path with its events is told", async () => {
    const [anonymous, user, contact] = [unique("a"), unique("u"), unique("003")];
    const [login, sync] = [unique("m"), unique("m")];
    await world.accept(
      { messageId: login, ids: { user_id: user, anonymous_id: anonymous } },
      { messageId: sync, source: "crm", ids: { user_id: user, crm_contact_id: contact } },
    );
    const told = await explain(["anonymous_id", anonymous], ["crm_contact_id", contact]);
    expect(told).toMatchObject({ samePerson: true, confidence: 0.96, band: "HIGH", refusals: [] });
    expect(told.path.map(({ from, to }) => [from.value, to.value])).toEqual([
      [anonymous, user],
      [user, contact],
    ]);
    expect(told.path.map(({ messageIds }) => messageIds)).toEqual([[login], [sync]]);
  });

  test.each([
    ["EXCLUSIVE_NAMESPACE", "crm_contact_id", "email"],
    ["SHARED_DEVICE", "email", "anonymous_id"],
  ])(
    "given two persons that %s keeps apart, when they are explained, then that is told",
    async (constraint, own, common) => {
      const value = (namespace: string) =>
        namespace === "email" ? `${unique("e")}@x.org` : unique(namespace);
      const [a, b, both] = [value(own), value(own), value(common)];
      await world.accept(
        { ids: { [own]: a, [common]: both } },
        { ids: { [own]: b, [common]: both } },
      );
      const told = await explain([own, a], [own, b]);
      expect(told).toMatchObject({ samePerson: false, confidence: null, band: null, path: [] });
      expect(told.refusals.map((refusal) => refusal.constraint)).toEqual([constraint]);
    },
  );

  test("given strangers, unknown and blocked identifiers, when they are explained, then the reason is told", async () => {
    const [a, b] = [unique("u"), unique("u")];
    await world.accept({ ids: { user_id: a } }, { ids: { user_id: b } });
    const refusal = async (left: [string, string], right: [string, string]) =>
      (await explain(left, right)).refusals.map(({ constraint }) => constraint);
    expect(await refusal(["user_id", a], ["user_id", b])).toEqual(["NO_EVIDENCE"]);
    expect(await refusal(["user_id", a], ["user_id", unique("u")])).toEqual(["UNKNOWN_IDENTIFIER"]);
    expect(await refusal(["email", "noreply@x.org"], ["user_id", a])).toEqual(["BLOCKED_VALUE"]);
    expect(await refusal(["shoe_size", "42"], ["user_id", a])).toEqual(["UNKNOWN_NAMESPACE"]);
  });

  test("given an address that too many persons use, when it has become generic, then it joins nobody and says so", async () => {
    const mail = `${unique("office")}@x.org`;
    const users = Array.from({ length: 102 }, () => unique("u"));
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
    await world.accept(
      ...users.map((user, n) => ({ at: at(n), ids: { user_id: user, email: mail } })),
    );
    const first = await world.personOf("user_id", users[0]!);
    expect(await world.personOf("email", mail)).not.toBe(first);
    expect((await explain(["email", mail], ["user_id", users[0]!])).refusals).toMatchObject([
      { constraint: "GENERIC_VALUE" },
    ]);
  });

  test("given the policy, when it is read, then it names every namespace with its rules", async () => {
    const { identityPolicy } = await world.ask<{
      identityPolicy: { version: number; namespaces: { name: string; exclusive: boolean }[] };
    }>(
      "{ identityPolicy { version namespaces { name kind priority exclusive limit normaliser blockedValues } } }",
    );
    expect(identityPolicy.version).toBe(1);
    const exclusive = identityPolicy.namespaces.filter((each) => each.exclusive);
    expect(exclusive.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["user_id", "crm_contact_id"]),
    );
  });
});
