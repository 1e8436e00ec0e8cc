import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import { unique } from "./identity-world.ts";
import type { OpenStore } from "./store-contract.ts";
import { dayOne, dayThree, dayTwo, identifier, person, tie } from "./store-rows.ts";

const anyone = { identifierKeys: null, namespace: null, createdFrom: null, createdBefore: null };

/** Questions about persons. */
export function readerContract(name: string, openStore: () => Promise<OpenStore>): void {
  describe(`${name}: questions`, () => {
    let open: OpenStore;
    beforeAll(async () => {
      open = await openStore();
    }, 120_000);
    afterAll(() => open?.close());

    test("given a person's identifiers, when they are paged, then persons come before devices before sessions", async () => {
      const [ana, bo] = [person(), person()];
      const session = identifier("session_id", ana.id, { kind: "SESSION" });
      const device = identifier("anonymous_id", ana.id);
      const late = identifier("email", ana.id, { firstSeenAt: dayTwo });
      const early = identifier("user_id", ana.id);
      const claimed = identifier("user_id", ana.id, { seen: false });
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [session, device, late, early, claimed],
          persons: [ana, bo],
        }),
      );
      const kinds = ["PERSON", "DEVICE", "SESSION"] as const;
      const read = (limit: number, after: string | null) =>
        open.store.reader.identifiers([ana.id, bo.id], kinds, { limit, after });
      const all = await read(10, null);
      expect(all.get(ana.id)).toEqual({
        identifiers: [early, late, device, session],
        totalCount: 4,
      });
      expect(all.get(bo.id)).toEqual({ identifiers: [], totalCount: 0 });
      expect((await read(2, "1")).get(ana.id)).toEqual({
        identifiers: [late, device],
        totalCount: 4,
      });
      const devices = await open.store.reader.identifiers([ana.id], ["DEVICE"], {
        limit: 10,
        after: null,
      });
      expect(devices.get(ana.id)).toEqual({ identifiers: [device], totalCount: 1 });
    });

    test("given identifiers of several namespaces, when those of some are read, then these come in their order, and no claimed ones", async () => {
      const [ana, bo] = [person(), person()];
      const late = identifier("email", ana.id, { firstSeenAt: dayTwo });
      const early = identifier("user_id", ana.id);
      const rest = [
        identifier("session_id", ana.id, { kind: "SESSION" }),
        identifier("email", ana.id, { seen: false }),
        identifier("phone", ana.id),
      ];
      await open.store.write((graph) =>
        graph.save({ ...noChanges, identifiers: [late, early, ...rest], persons: [ana, bo] }),
      );
      const read = async (namespaces: string[], limit: number) =>
        (await open.store.reader.namesOf([ana.id, bo.id], namespaces, limit)).get(ana.id) ?? [];
      const named = ({ namespace, value }: typeof late) => ({ namespace, value });
      expect(await read(["email", "user_id"], 10)).toEqual([named(early), named(late)]);
      expect(await read(["email", "user_id"], 1)).toEqual([named(early)]);
      expect(await read(["email"], 10)).toEqual([named(late)]);
      expect(await read([], 10)).toEqual([]);
      const found = await open.store.reader.namesOf([ana.id, bo.id], ["email"], 10);
      expect(found.get(bo.id) ?? []).toEqual([]);
    });

    test("given ties within and across persons, when evidence within is read, then only the former comes", async () => {
      const [ana, bo] = [person(), person()];
      const [a, b, c] = [
        identifier("email", ana.id),
        identifier("phone", ana.id),
        identifier("user_id", bo.id),
      ];
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [a, b, c],
          evidence: [tie(a, b), tie(b, c)],
          persons: [ana, bo],
        }),
      );
      const found = await open.store.reader.evidenceWithin([ana.id, bo.id], 10);
      expect(found.get(ana.id)).toEqual([tie(a, b)]);
      expect(found.get(bo.id) ?? []).toEqual([]);
    });

    test("given a device that a second person took over, when devices are read, then both used it, the first until then", async () => {
      const [ana, bo] = [person(), person()];
      const [a, b] = [identifier("user_id", ana.id), identifier("user_id", bo.id)];
      const device = identifier("anonymous_id", ana.id, { lastSeenAt: dayThree });
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [a, b, device],
          evidence: [
            tie(a, device, { firstSeenAt: dayOne, lastSeenAt: dayOne, confidence: 0.96 }),
            tie(b, device, { firstSeenAt: dayTwo, lastSeenAt: dayThree, confidence: 0.96 }),
          ],
          persons: [ana, bo],
        }),
      );
      const found = await open.store.reader.devices([ana.id, bo.id], 10);
      expect(found.get(ana.id)).toMatchObject([
        { device, firstSeenAt: dayOne, confidence: 0.96, takenOverAt: dayTwo },
      ]);
      expect(found.get(bo.id)).toMatchObject([
        { device, firstSeenAt: dayTwo, lastSeenAt: dayThree, takenOverAt: null },
      ]);
    });

    test("given a device that a generic value was seen on, when devices are read, then it is not the value's, and nobody took it over by that", async () => {
      const [ana, nobody] = [person(), person()];
      const own = identifier("user_id", ana.id);
      const generic = identifier("email", nobody.id, { generic: true });
      const device = identifier("anonymous_id", ana.id);
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [own, generic, device],
          evidence: [
            tie(own, device, { firstSeenAt: dayOne }),
            tie(generic, device, { firstSeenAt: dayTwo }),
          ],
          persons: [ana, nobody],
        }),
      );
      const found = await open.store.reader.devices([ana.id, nobody.id], 10);
      expect(found.get(ana.id)).toMatchObject([{ device, takenOverAt: null }]);
      expect(found.get(nobody.id) ?? []).toEqual([]);
    });

    test("given memberships of a person's identifiers, when accounts are read, then each account comes once with what was said of it, the newest role of each", async () => {
      const ana = person();
      const [one, other] = [identifier("user_id", ana.id), identifier("email", ana.id)];
      const account = {
        id: unique("account_"),
        groupId: unique("g"),
        traits: {},
        createdAt: dayOne,
      };
      const membership = {
        key: one.key,
        accountId: account.id,
        role: "owner",
        source: "crm",
        firstSeenAt: dayTwo,
        lastSeenAt: dayTwo,
      };
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [one, other],
          persons: [ana],
          accounts: [account],
          memberships: [
            membership,
            { ...membership, key: other.key, role: "guest", lastSeenAt: dayOne },
          ],
        }),
      );
      const late = { ...membership, role: "early", firstSeenAt: dayOne, lastSeenAt: dayOne };
      await open.store.write((graph) => graph.save({ ...noChanges, memberships: [late] }));
      const found = await open.store.reader.organisations.statementsOf([ana.id], 10);
      expect(found.get(ana.id)).toEqual([
        {
          account,
          statements: [
            { ...membership, roleAt: dayTwo, firstSeenAt: dayOne },
            { ...membership, key: other.key, role: "guest", roleAt: dayOne, lastSeenAt: dayOne },
          ],
        },
      ]);
      expect((await open.store.reader.accounts([account.id])).get(account.id)).toEqual(account);
    });

    test("given persons, when they are listed, then every condition holds and merged ones are left out", async () => {
      const namespace = unique("ns");
      const persons = [dayOne, dayTwo, dayThree].map((createdAt) => person({ createdAt }));
      const identifiers = persons.map(({ id }) => identifier(namespace, id));
      const gone = person();
      await open.store.write((graph) =>
        graph.save({ ...noChanges, identifiers, persons: [...persons, gone] }),
      );
      const merge = { from: gone.id, to: persons[0]!.id, createdAt: dayOne };
      await open.store.write((graph) => graph.save({ ...noChanges, merges: [merge] }));
      const list = async (listing: object, limit = 10, after: string | null = null) =>
        (await open.store.reader.listPersons({ ...anyone, ...listing }, { limit, after })).map(
          ({ id }) => id,
        );
      const ids = persons.map(({ id }) => id).sort();
      expect(await list({ namespace })).toEqual(ids);
      expect(await list({ namespace }, 2)).toEqual(ids.slice(0, 2));
      expect(await list({ namespace }, 2, ids[1])).toEqual(ids.slice(2));
      expect(await list({ namespace, createdFrom: dayTwo, createdBefore: dayThree })).toEqual([
        persons[1]!.id,
      ]);
      expect(await list({ identifierKeys: [identifiers[2]!.key, "x:none"] })).toEqual([
        persons[2]!.id,
      ]);
      expect(await list({}, 1_000)).not.toContain(gone.id);
    });
  });
}
