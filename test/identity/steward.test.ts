import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { IdentityWorld, unique } from "./identity-world.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

interface Payload {
  person?: { id: string } | null;
  persons?: { id: string }[];
  change: { id: string; kind: string; actor: string; reverts?: { id: string } | null } | null;
  problems: { code: string; path: string[] }[];
}

async function merge(into: string, from: string[], reason = "Passport checked"): Promise<Payload> {
  const { mergePersons } = await world.ask<{ mergePersons: Payload }>(
    `mutation ($input: MergePersonsInput!) { mergePersons(input: $input) {
      person { id } change { id kind occurredAt actor reason } problems { code message path } } }`,
    { input: { into, from, reason } },
  );
  return mergePersons;
}

async function split(person: string, namespace: string, ...values: string[]): Promise<Payload> {
  const identifiers = values.map((value) => ({ namespace, value }));
  const { splitPerson } = await world.ask<{ splitPerson: Payload }>(
    `mutation ($input: SplitPersonInput!) { splitPerson(input: $input) {
      persons { id } change { id kind occurredAt actor reason } problems { code message path } } }`,
    { input: { person, identifiers, reason: "Father and son" } },
  );
  return splitPerson;
}

async function revert(change: string): Promise<Payload> {
  const { revertIdentityChange } = await world.ask<{ revertIdentityChange: Payload }>(
    `mutation ($input: RevertIdentityChangeInput!) { revertIdentityChange(input: $input) {
      persons { id } change { id kind actor reverts { id } } problems { code message path } } }`,
    { input: { change, reason: "Wrong" } },
  );
  return revertIdentityChange;
}

async function twoCustomers(email = `${unique("e")}@x.org`) {
  const [a, b] = [unique("003"), unique("003")];
  await world.accept(
    {
      at: "2026-01-01T00:00:00.000Z",
      ids: { crm_contact_id: a, email },
      traits: { city: "Porto" },
    },
    { at: "2026-01-02T00:00:00.000Z", ids: { crm_contact_id: b, email }, traits: { city: "Faro" } },
  );
  const first = (await world.personOf("crm_contact_id", a))!;
  const second = (await world.personOf("crm_contact_id", b))!;
  return { a, b, email, first, second };
}

const cityOf = async (id: string) =>
  (
    await world.ask<{ person: { traits: { value: string }[] } }>(
      'query ($id: ID!) { person(by: { id: $id }) { traits(names: ["city"]) { value } } }',
      { id },
    )
  ).person.traits[0]?.value;

describe("merging by hand", () => {
  test("given two persons whom an exclusive namespace keeps apart, when a steward merges them, then they are one under the id asked for", async () => {
    const { a, b, first, second } = await twoCustomers();
    expect(first).not.toBe(second);
    const { person, change, problems } = await merge(second, [first]);
    expect(problems).toEqual([]);
    expect(person).toEqual({ id: second });
    expect(change).toMatchObject({ kind: "MERGE", actor: "key_test", reason: "Passport checked" });
    expect(await world.personOf("crm_contact_id", a)).toBe(second);
    expect(await world.personOf("crm_contact_id", b)).toBe(second);
    expect(await cityOf(first)).toBe("Faro");
  });

  test("given a merge, when it is reverted, then both sides are as if never merged, and say so", async () => {
    const { a, b, email, first, second } = await twoCustomers();
    const { change } = await merge(first, [second]);
    const before = await world.head();
    const undone = await revert(change!.id);
    expect(undone.problems).toEqual([]);
    expect(undone.change!.reverts).toEqual({ id: change!.id });
    expect(undone.persons!.map(({ id }) => id).sort()).toEqual([first, second].sort());
    expect(await world.personOf("crm_contact_id", a)).toBe(first);
    expect(await world.personOf("crm_contact_id", b)).toBe(second);
    expect(await world.personOf("email", email)).toBe(first);
    expect(await cityOf(second)).toBe("Faro");
    expect(await cityOf(first)).toBe("Porto");
    const { changes, profiles } = await world.announced(before);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ kind: "SPLIT", reverts: change!.id });
    expect(profiles.map(({ personId }) => personId).sort()).toEqual([first, second].sort());
    expect((await revert(change!.id)).problems).toMatchObject([{ code: "ALREADY_REVERTED" }]);
    const again = await revert(undone.change!.id);
    expect(again.persons).toEqual([{ id: first }]);
    expect(await world.personOf("crm_contact_id", b)).toBe(first);
  });

  test("given a merge, when evidence that came since ties the two, then taking it back says that it is not exact, and why", async () => {
    const [visitor, known] = [unique("a"), unique("u")];
    await world.accept({ ids: { anonymous_id: visitor } }, { ids: { user_id: known } });
    const into = (await world.personOf("user_id", known))!;
    const { change } = await merge(into, [(await world.personOf("anonymous_id", visitor))!]);
    await world.accept({ ids: { user_id: known, anonymous_id: visitor } });
    const { revertIdentityChange } = await world.ask<{ revertIdentityChange: object }>(
      `mutation ($input: RevertIdentityChangeInput!) { revertIdentityChange(input: $input) {
        exact differences { kind identifiers { namespace value } } } }`,
      { input: { change: change!.id } },
    );
    expect(await world.personOf("anonymous_id", visitor)).toBe(into);
    const identifiers = [{ namespace: "anonymous_id", value: visitor }];
    expect(revertIdentityChange).toEqual({
      exact: false,
      differences: [{ kind: "EVIDENCE_SINCE", identifiers }],
    });
  });

  test("given bad input, when a steward merges, then the problem says what is wrong and nothing happens", async () => {
    const { first, second } = await twoCustomers();
    expect((await merge("person_none", [first])).problems).toMatchObject([
      { code: "PERSON_UNKNOWN", path: ["into"] },
    ]);
    expect((await merge(first, [second, "person_none"])).problems).toMatchObject([
      { code: "PERSON_UNKNOWN", path: ["from", "1"] },
    ]);
    expect((await merge(first, [first])).problems).toMatchObject([{ code: "SAME_PERSON" }]);
    expect((await merge(first, [])).problems).toMatchObject([{ code: "PERSONS_COUNT" }]);
    expect((await merge(first, [second], " ")).problems).toMatchObject([
      { code: "REASON_INVALID" },
    ]);
    expect((await revert("change_none")).problems).toMatchObject([{ code: "CHANGE_UNKNOWN" }]);
  });
});

describe("splitting by hand", () => {
  test("given a person, when an identifier is split off, then it stays off on replay and on new evidence", async () => {
    const [user, mail] = [unique("u"), `${unique("e")}@x.org`];
    const seen = { ids: { user_id: user, email: mail, anonymous_id: unique("a") } };
    await world.accept(seen);
    const person = (await world.personOf("user_id", user))!;
    const { persons, change, problems } = await split(person, "email", mail.toUpperCase());
    expect(problems).toEqual([]);
    expect(change).toMatchObject({ kind: "SPLIT" });
    expect(persons).toHaveLength(2);
    const other = (await world.personOf("email", mail))!;
    expect(other).not.toBe(person);
    expect(await world.personOf("user_id", user)).toBe(person);
    await world.accept(seen, {
      ids: { user_id: user, email: mail },
      at: "2025-01-01T00:00:00.000Z",
    });
    const device = unique("a");
    await world.accept({ ids: { email: mail, anonymous_id: device } });
    await world.accept({ ids: { user_id: user, anonymous_id: device } });
    expect(await world.personOf("email", mail)).toBe(other);
    expect(await world.personOf("user_id", user)).toBe(person);
  });

  test("given an id that an alias only claims to exist, when the person's ids are split off, then the devices stay, and with none there is nothing to split", async () => {
    const [user, device, tablet] = [unique("u"), unique("d"), unique("k")];
    await world.accept(
      { type: "ALIAS", ids: { user_id: user }, previousId: device },
      { ids: { user_id: user, device_id: tablet } },
    );
    const id = (await world.personOf("user_id", user))!;
    const taken = await split(id, "user_id", user);
    expect(taken).toMatchObject({ change: { kind: "SPLIT" }, problems: [] });
    expect(await world.personOf("device_id", tablet)).toBe(id);
    expect(await world.personOf("user_id", user)).not.toBe(id);
    const lone = unique("u");
    await world.accept({ type: "ALIAS", ids: { user_id: lone }, previousId: unique("d") });
    const { problems } = await split((await world.personOf("user_id", lone))!, "user_id", lone);
    expect(problems.map(({ code }) => code)).toEqual(["NOTHING_LEFT"]);
  });

  test("given merged persons, when they are split, then the part that had an id gets it back, and later facts go to the right side", async () => {
    const { a, b, first, second } = await twoCustomers();
    await merge(first, [second]);
    const { persons } = await split(first, "crm_contact_id", b);
    expect(persons!.map(({ id }) => id).sort()).toEqual([first, second].sort());
    expect(await world.personOf("crm_contact_id", b)).toBe(second);
    await world.accept({
      at: "2026-03-01T00:00:00.000Z",
      ids: { crm_contact_id: b },
      traits: { city: "Braga" },
    });
    expect([await cityOf(first), await cityOf(second)]).toEqual(["Porto", "Braga"]);
    expect(await world.personOf("crm_contact_id", a)).toBe(first);
  });

  test("given bad input, when a steward splits, then the problem says what is wrong", async () => {
    const { first, a, b, email } = await twoCustomers();
    expect((await split("person_none", "email", email)).problems).toMatchObject([
      { code: "PERSON_UNKNOWN" },
    ]);
    expect((await split(first, "crm_contact_id", b)).problems).toMatchObject([
      { code: "IDENTIFIER_NOT_OF_PERSON", path: ["identifiers", "0"] },
    ]);
    const only = unique("u");
    await world.accept({ ids: { user_id: only } });
    const person = (await world.personOf("user_id", only))!;
    expect((await split(person, "user_id", only)).problems).toMatchObject([
      { code: "NOTHING_LEFT" },
    ]);
    expect(a).toBeTruthy();
  });

  test("given a merge that the rules made, when it is reverted, then it does not come back", async () => {
    const [user, device] = [unique("u"), unique("a")];
    await world.accept({ ids: { user_id: user } }, { ids: { anonymous_id: device } });
    const other = await world.personOf("anonymous_id", device);
    await world.accept({ ids: { user_id: user, anonymous_id: device } });
    const { identityChanges } = await world.ask<{
      identityChanges: { nodes: { id: string; kind: string; cause: { rule: string } }[] };
    }>(
      `query ($filter: IdentityChangeFilter) { identityChanges(filter: $filter) {
        nodes { id kind occurredAt actor reason personIds identifiers { namespace value }
          cause { messageId rule decision } revertedBy { id } } } }`,
      { filter: { personId: other } },
    );
    const merged = identityChanges.nodes.find(({ kind }) => kind === "MERGE")!;
    expect(merged.cause.rule).toBe("same_event");
    expect((await revert(merged.id)).problems).toEqual([]);
    await world.accept({ ids: { user_id: user, anonymous_id: device } });
    expect(await world.personOf("user_id", user)).not.toBe(
      await world.personOf("anonymous_id", device),
    );
    expect(await world.personOf("anonymous_id", device)).toBe(other);
  });
});
