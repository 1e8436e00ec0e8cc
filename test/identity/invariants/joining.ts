import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type OpenWorld,
  patienceMs,
  personsOf,
  runs,
  shuffled,
  unique,
} from "./invariant-words.ts";

type Named = [namespace: string, value: string];

/** What joins, and what never does. */
export function joiningInvariants(open: OpenWorld): void {
  const together = async (...identifiers: Named[]) =>
    new Set(await personsOf(open(), ...identifiers)).size === 1;
  const event = (...identifiers: Named[]) => ({ ids: Object.fromEntries(identifiers) });

  test(
    "5 given a chain of certain ties of any length in any order, when all have come, then the ends are one person",
    async () => {
      const chain = fc
        .integer({ min: 2, max: 8 })
        .chain((length) => shuffled(Array.from({ length }, (_, place) => place)));
      await fc.assert(
        fc.asyncProperty(chain, async (order) => {
          const links = order.map(() => unique("l"));
          const node = (place: number): Named =>
            place % 2 === 0
              ? ["email", `${links[0]}-${place}@x.example`]
              : ["sso_subject", `${links[0]}-${place}`];
          for (const place of order) await open().accept(event(node(place), node(place + 1)));
          // Five addresses and five subjects are within what one person may have.
          expect(await together(node(0), node(order.length))).toBe(true);
        }),
        runs,
      );
    },
    patienceMs,
  );

  test("6 given two values of an exclusive namespace, when one event or one value names both, then they stay two persons", async () => {
    const exclusive = ["user_id", "crm_contact_id", "member_id", "lms_learner_id"];
    for (const namespace of exclusive) {
      const [a, b, email] = [unique("x"), unique("x"), `${unique("e")}@x.example`];
      await open().accept(
        event([namespace, a], ["email", email]),
        event([namespace, b], ["email", email]),
      );
      await open().accept({ ids: { [namespace]: [a, b] } });
      expect(await together([namespace, a], [namespace, b])).toBe(false);
    }
  });

  test(
    "7 given any path between two values of an exclusive namespace, when its ties come in any order, then it does not join them",
    async () => {
      const path = fc
        .integer({ min: 1, max: 5 })
        .chain((length) => shuffled(Array.from({ length: length + 1 }, (_, place) => place)));
      await fc.assert(
        fc.asyncProperty(path, async (order) => {
          const own = unique("p");
          const last = order.length;
          const node = (place: number): Named => {
            if (place === 0 || place === last) return ["crm_contact_id", `${own}-${place}`];
            return place % 2 === 0
              ? ["anonymous_id", `${own}-${place}`]
              : ["email", `${own}-${place}@x.example`];
          };
          for (const place of order) await open().accept(event(node(place), node(place + 1)));
          expect(await together(node(0), node(last))).toBe(false);
        }),
        runs,
      );
    },
    patienceMs,
  );

  test("8 given a value that joined people, when too many use it, then it has joined nobody", async () => {
    const kiosk = `${unique("kiosk")}@x.example`;
    const leads = Array.from({ length: 8 }, () => unique("l"));
    await open().accept(...leads.map((lead) => event(["crm_lead_id", lead], ["email", kiosk])));
    const named = (lead: string): Named => ["crm_lead_id", lead];
    expect(await together(...leads.map(named))).toBe(true);
    const crowd = Array.from({ length: 110 }, () => unique("u"));
    await open().accept(...crowd.map((user) => event(["user_id", user], ["email", kiosk])));
    const ids = await personsOf(open(), ...leads.map(named));
    expect(new Set(ids).size).toBe(leads.length);
  });

  test(
    "9 given blocked values quoted, cased and spaced in any way, when two people send them, then they identify nobody",
    async () => {
      const blocked = fc.constantFrom(
        ...["null", "undefined", "n/a", "anonymous", "00000000-0000-0000-0000-000000000000"],
      );
      const dress = fc.constantFrom(
        (text: string) => `"${text}"`,
        (text: string) => ` '${text.toUpperCase()}' `,
        (text: string) => text.toUpperCase(),
        (text: string) => `“${text}”`,
      );
      const namespace = fc.constantFrom("anonymous_id", "user_id", "device_id", "crm_lead_id");
      await fc.assert(
        fc.asyncProperty(blocked, dress, namespace, async (text, as, name) => {
          const [a, b] = [unique("m"), unique("m")];
          await open().accept(
            event(["member_id", a], [name, as(text)]),
            event(["certification_id", b], [name, as(text)]),
          );
          expect(await open().personOf(name, as(text))).toBeNull();
          expect(await together(["member_id", a], ["certification_id", b])).toBe(false);
        }),
        runs,
      );
    },
    patienceMs,
  );

  test("10 given values in other spellings, when they are read, then each namespace folds what is one and no more", async () => {
    const name = unique("Ana.Sousa");
    await open().accept(
      event(["email", `${name}@Example.ORG`], ["member_id", unique("m")]),
      event(["email", ` <${name.toLowerCase()}@example.org>`.replace(/[<>]/g, "")]),
      event(["email", `${name}+shop@example.org`]),
      event(["email", `${name.replaceAll(".", "")}@example.org`]),
      event(["user_id", name]),
      event(["user_id", name.toLowerCase()]),
      event(["phone", "+351 912 345 678"], ["certification_id", name]),
    );
    const mail = (text: string): Named => ["email", text];
    expect(await together(mail(`${name}@example.org`), mail(`${name}@EXAMPLE.org`))).toBe(true);
    expect(await together(mail(`${name}@example.org`), mail(`${name}+shop@example.org`))).toBe(
      false,
    );
    const plain = mail(`${name.replaceAll(".", "")}@example.org`);
    expect(await together(mail(`${name}@example.org`), plain)).toBe(false);
    expect(await together(["user_id", name], ["user_id", name.toLowerCase()])).toBe(false);
    expect(await together(["phone", "+351912345678"], ["certification_id", name])).toBe(true);
  });

  test("11 given the same literal in two namespaces, when both are seen, then they are two persons", async () => {
    const literal = unique("4711");
    const names = ["user_id", "crm_contact_id", "member_id", "anonymous_id", "certification_id"];
    await open().accept(...names.map((name) => event([name, literal])));
    const ids = await personsOf(open(), ...names.map((name): Named => [name, literal]));
    expect(new Set(ids).size).toBe(names.length);
  });

  test("12 given a shared device, when two people log in on it, then they are two, and what came before the first login is the first one's", async () => {
    const [ana, bo, device] = [unique("u"), unique("u"), unique("a")];
    const before = unique("s");
    const at = (hour: number) => ({ at: `2026-01-01T0${hour}:00:00.000Z` });
    await open().accept({
      type: "TRACK",
      ids: { anonymous_id: device, session_id: before },
      ...at(1),
    });
    await open().accept({ ...event(["user_id", bo], ["anonymous_id", device]), ...at(3) });
    await open().accept({ ...event(["user_id", ana], ["anonymous_id", device]), ...at(2) });
    expect(await together(["user_id", ana], ["user_id", bo])).toBe(false);
    expect(await together(["user_id", ana], ["anonymous_id", device], ["session_id", before])).toBe(
      true,
    );
  });

  test("18 given people of one account, and accounts of one person, when all is told, then accounts have joined no persons and persons no accounts", async () => {
    const [ana, bo] = [unique("u"), unique("u")];
    const [one, other] = [unique("g"), unique("g")];
    const group = (user: string, groupId: string) => ({
      type: "GROUP" as const,
      ids: { user_id: user },
      groupId,
      traits: { name: "Acme", domain: "acme-group.example" },
    });
    await open().accept(group(ana, one), group(bo, one), group(ana, other));
    expect(await together(["user_id", ana], ["user_id", bo])).toBe(false);
    const { person } = await open().ask<{
      person: { accounts: { nodes: { account: { groupId: string } }[] } };
    }>(
      `query ($by: PersonBy!) { person(by: $by) { accounts(first: 10) { nodes { account { groupId } } } } }`,
      { by: { identifier: { namespace: "user_id", value: ana } } },
    );
    const ids = person.accounts.nodes.map(({ account }) => account.groupId);
    expect(ids.sort()).toEqual([one, other].sort());
  });
}
