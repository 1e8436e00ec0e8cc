import { beforeAll, describe, expect, test } from "@jest/globals";
import { type IdentityWorld, unique } from "./identity-world.ts";
import { person, putRecords, type RecordSaying, recordsOf } from "./record-words.ts";

const contact = (saying: Partial<RecordSaying> = {}): RecordSaying => ({
  kind: "CONTACT",
  key: unique("003"),
  observedAt: "2026-01-01T10:00:00Z",
  ...saying,
});

/** Holds for every layout of storage. */
export function recordStories(title: string, open: () => Promise<IdentityWorld>): void {
  describe(title, () => {
    let world: IdentityWorld;
    beforeAll(async () => {
      world = await open();
    });

    test("given a record, when it is put, then its person is found by its identifiers and by itself", async () => {
      const key = unique("003");
      const identifiers = [{ namespace: "crm_contact_id", value: key }];
      const attributes = { givenName: "Ana", familyName: "Sousa" };
      const result = await putRecords(world, "crm", contact({ key, identifiers, attributes }));
      expect(result).toEqual({ accepted: 1, rejected: [], problems: [] });
      const byId = await world.personOf("crm_contact_id", key);
      expect(byId).not.toBeNull();
      expect(await world.personOf("record", `crm/CONTACT/${key}`)).toBe(byId);
      const { traits, records } = await person(world, byId!);
      expect(traits).toEqual([
        { name: "familyName", value: "Sousa", source: { name: "crm" } },
        { name: "givenName", value: "Ana", source: { name: "crm" } },
      ]);
      expect(records.nodes).toEqual([
        {
          source: { name: "crm" },
          kind: "CONTACT",
          key,
          attributes,
          observedAt: "2026-01-01T10:00:00.000Z",
        },
      ]);
      expect(records.totalCount).toBe(1);
    });

    test("given records of two sources with one e-mail, when both are put, then they are one person", async () => {
      const email = `${unique("e")}@x.org`;
      const [a, b] = [unique("003"), unique("L")];
      await putRecords(
        world,
        "crm",
        contact({ key: a, identifiers: [{ namespace: "email", value: email }] }),
      );
      await putRecords(world, "lms", {
        kind: "LEARNER",
        key: b,
        identifiers: [{ namespace: "email", value: email.toUpperCase() }],
      });
      const one = await world.personOf("record", `crm/CONTACT/${a}`);
      expect(await world.personOf("record", `lms/LEARNER/${b}`)).toBe(one);
      expect((await recordsOf(world, one!)).map(({ key }) => key)).toEqual([a, b]);
    });

    test("given bad records among good ones, when they are put, then only the bad ones are refused", async () => {
      const good = unique("g");
      const result = await putRecords(
        world,
        "crm",
        contact({ key: good, attributes: { city: "Faro" } }),
        contact({ key: " ", attributes: { city: "Faro" } }),
        contact({ key: "k1", observedAt: "yesterday", attributes: { city: "Faro" } }),
        contact({ key: "k2" }),
        contact({ key: "k3", attributes: { city: "a\u0000b" } }),
        contact({ key: "k4", attributes: ["x"] }),
        contact({ key: "k5", observedAt: "2999-01-01T00:00:00Z", attributes: { a: 1 } }),
        contact({ key: "k6", identifiers: [{ namespace: "email", value: "" }] }),
        contact({ key: "k7", observedAt: "2026-02-30T00:00:00Z", attributes: { a: 1 } }),
      );
      expect(result.accepted).toBe(1);
      expect(
        result.rejected.map(({ index, key, problems }) => [
          index,
          key,
          problems.map(({ code }) => code),
        ]),
      ).toEqual([
        [1, " ", ["KEY_INVALID"]],
        [2, "k1", ["OBSERVED_AT_INVALID"]],
        [3, "k2", ["RECORD_EMPTY"]],
        [4, "k3", ["ATTRIBUTES_INVALID"]],
        [5, "k4", ["ATTRIBUTES_INVALID"]],
        [6, "k5", ["OBSERVED_AT_INVALID"]],
        [7, "k6", ["IDENTIFIER_INVALID"]],
        [8, "k7", ["OBSERVED_AT_INVALID"]],
      ]);
      expect(await world.personOf("record", `crm/CONTACT/${good}`)).not.toBeNull();
    });

    test("given a newer content, when an older one comes late or the same again, then what it says stands", async () => {
      const key = unique("003");
      const [old, now] = [unique("o"), unique("n")].map((name) => `${name}@x.org`);
      const newer = contact({
        key,
        observedAt: "2026-02-01T00:00:00Z",
        identifiers: [{ namespace: "email", value: now! }],
        attributes: { city: "Porto" },
      });
      const older = contact({
        key,
        observedAt: "2026-01-01T00:00:00Z",
        identifiers: [{ namespace: "email", value: old! }],
        attributes: { city: "Faro", nick: "Z" },
      });
      for (const each of [newer, older, newer]) await putRecords(world, "crm", each);
      const id = (await world.personOf("record", `crm/CONTACT/${key}`))!;
      // As in order: somebody who has nothing to do with the record any more.
      expect(await world.personOf("email", old!)).not.toBeNull();
      expect(await world.personOf("email", old!)).not.toBe(id);
      const { traits } = await person(world, id);
      expect(traits.map(({ name, value }) => [name, value])).toEqual([["city", "Porto"]]);
      const head = await world.head();
      await putRecords(world, "crm", newer);
      expect(await world.head()).toBe(head);
    });

    test("given a record that names another e-mail now, when it is put, then the former e-mail goes its own way", async () => {
      const key = unique("003");
      const [old, now] = [unique("o"), unique("n")].map((name) => `${name}@x.org`);
      const at = (observedAt: string, email: string, attributes: object) =>
        contact({
          key,
          observedAt,
          identifiers: [{ namespace: "email", value: email }],
          attributes,
        });
      await putRecords(world, "crm", at("2026-01-01T00:00:00Z", old!, { city: "Faro", nick: "Z" }));
      await putRecords(world, "crm", at("2026-02-01T00:00:00Z", now!, { city: "Porto" }));
      const id = (await world.personOf("record", `crm/CONTACT/${key}`))!;
      expect(await world.personOf("email", now!)).toBe(id);
      expect(await world.personOf("email", old!)).not.toBe(id);
      const { traits } = await person(world, id);
      expect(traits.map(({ name, value }) => [name, value])).toEqual([["city", "Porto"]]);
      await putRecords(world, "crm", at("2026-03-01T00:00:00Z", old!, { city: "Porto" }));
      expect(await world.personOf("email", old!)).toBe(
        await world.personOf("record", `crm/CONTACT/${key}`),
      );
    });

    test.each([
      ["in order", [0, 1, 2]],
      ["late", [2, 1, 0]],
      ["in the middle", [1, 2, 0]],
    ])(
      "given contents of a record, when they come %s, then it is tied since the first that names somebody",
      async (_, order) => {
        const key = unique("003");
        const [email, user] = [`${unique("e")}@x.org`, unique("u")];
        const contents = [[email], [], [email]].map((emails, month) =>
          contact({
            key,
            observedAt: `2026-0${month + 1}-01T00:00:00Z`,
            identifiers: emails.map((value) => ({ namespace: "email", value })),
            attributes: { month },
          }),
        );
        for (const place of order) await putRecords(world, "crm", contents[place]!);
        await world.accept({ ids: { user_id: user, email } });
        const [left, right] = [
          { namespace: "record", value: `crm/CONTACT/${key}` },
          { namespace: "email", value: email },
        ];
        const { explainIdentity } = await world.ask<{ explainIdentity: unknown }>(
          `query ($left: IdentifierInput!, $right: IdentifierInput!) {
            explainIdentity(left: $left, right: $right) { path { firstSeenAt lastSeenAt } } }`,
          { left, right },
        );
        const [firstSeenAt, lastSeenAt] = ["2026-01-01", "2026-03-01"].map(
          (day) => `${day}T00:00:00.000Z`,
        );
        expect(explainIdentity).toEqual({ path: [{ firstSeenAt, lastSeenAt }] });
      },
    );

    test("given more records on one phone than tell who somebody is, when some name another, then it tells again", async () => {
      const phone = `+35121${String(Math.floor(Math.random() * 1e7)).padStart(7, "0")}`;
      const leads = Array.from({ length: 101 }, () => unique("L"));
      const lead = (id: string, at: string, ...phones: string[]) => ({
        kind: "LEAD",
        key: id,
        observedAt: at,
        identifiers: [
          { namespace: "subscription_id", value: id },
          ...phones.map((value) => ({ namespace: "phone", value })),
        ],
      });
      const persons = async () =>
        new Set(await Promise.all(leads.map((id) => world.personOf("subscription_id", id))));
      await putRecords(world, "crm", ...leads.map((id) => lead(id, "2026-01-01", phone)));
      expect((await persons()).size).toBe(101);
      const [first, second] = leads;
      await putRecords(world, "crm", lead(first!, "2026-02-01"), lead(second!, "2026-02-01"));
      const [one, other] = [await world.personOf("phone", phone), await persons()];
      expect(other).toContain(one);
      // A person has at most fifty subscriptions: two persons now, and the two who left.
      expect(other.size).toBeLessThan(101);
      await putRecords(
        world,
        "crm",
        lead(first!, "2026-03-01", phone),
        lead(second!, "2026-03-01", phone),
      );
      expect((await persons()).size).toBe(101);
    });

    test("given a record that names somebody no more, when the two are explained, then no evidence ties them", async () => {
      const key = unique("003");
      const email = `${unique("e")}@x.org`;
      const identifiers = [{ namespace: "email", value: email }];
      await putRecords(world, "crm", contact({ key, identifiers }));
      const observedAt = "2026-02-01T00:00:00Z";
      await putRecords(world, "crm", contact({ key, observedAt, attributes: { city: "Faro" } }));
      const { explainIdentity } = await world.ask<{ explainIdentity: unknown }>(
        `query ($left: IdentifierInput!, $right: IdentifierInput!) {
          explainIdentity(left: $left, right: $right) { samePerson refusals { constraint } } }`,
        { left: { namespace: "record", value: `crm/CONTACT/${key}` }, right: identifiers[0] },
      );
      const refusals = [{ constraint: "NO_EVIDENCE" }];
      expect(explainIdentity).toEqual({ samePerson: false, refusals });
    });

    test("given an unknown namespace, when the record is put, then it is kept without it and says so", async () => {
      const key = unique("003");
      const result = await putRecords(
        world,
        "crm",
        contact({
          key,
          identifiers: [{ namespace: "shoe_size", value: "44" }],
          attributes: { city: "Faro" },
        }),
      );
      expect(result.accepted).toBe(1);
      expect(result.problems).toEqual([
        expect.objectContaining({
          code: "IDENTIFIER_UNKNOWN_NAMESPACE",
          path: ["records", "0", "identifiers", "0"],
        }),
      ]);
    });

    test("given a caller without pii:read, when he asks for records, then keys and values are masked", async () => {
      const key = unique("003");
      await putRecords(world, "crm", contact({ key, attributes: { givenName: "Ana" } }));
      const id = (await world.personOf("record", `crm/CONTACT/${key}`))!;
      const { records } = await person(world, id, ["profiles:read"]);
      expect(records.nodes[0]!.attributes).toEqual({ givenName: "A•••" });
      expect(records.nodes[0]!.key).toBe("0•••");
    });
  });
}
