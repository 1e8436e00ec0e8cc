import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import { unique } from "./identity-world.ts";
import type { OpenStore } from "./store-contract.ts";
import { dayOne, dayThree, dayTwo, identifier, mustLink, person, tie } from "./store-rows.ts";

const nothing = { identifierKeys: [], evidence: [], sheets: [], groupIds: [] };

/** Makes a store forget what it remembers, so that it asks its engine. */
const forget = ({ store }: OpenStore) => store.write(({ erasing }) => erasing.removeSheets([]));

/** Loading, saving, components. */
export function graphContract(name: string, openStore: () => Promise<OpenStore>): void {
  describe(`${name}: the graph`, () => {
    let open: OpenStore;
    beforeAll(async () => {
      open = await openStore();
    }, 120_000);
    afterAll(() => open?.close());

    test("given nothing is known, when it is asked for, then all lists are empty", async () => {
      const excerpt = await open.store.write((graph) =>
        graph.load({
          identifierKeys: [unique("email:")],
          evidence: [{ low: "a:1", high: unique("b:"), rule: "same_event" }],
          sheets: [{ key: unique("email:"), source: "web" }],
          groupIds: [unique("g")],
        }),
      );
      expect(excerpt).toEqual({
        identifiers: [],
        persons: [],
        evidence: [],
        sheets: [],
        accounts: [],
        memberships: [],
      });
    });

    test("given rows were saved, when they are loaded, then nothing of them is lost", async () => {
      const odd = `${unique("o'dd")}"\\ \n 🦊 é $1 {}`;
      const ana = person({
        record: { __proto: { value: { a: [1, null, odd] }, at: dayTwo, source: odd, key: "x:1" } },
        tally: { email: 2 },
        lastRank: "11 0.010000 é",
        conflicted: true,
        decided: true,
      });
      const one = identifier("email", ana.id, { value: odd, sources: [odd], claims: 3 });
      const other = identifier("anonymous_id", ana.id, { seen: false, generic: true });
      const evidence = tie(one, other, { messages: [{ at: dayOne, messageId: odd }] });
      const sheet = { key: one.key, source: odd, facts: { plan: { value: odd, at: dayTwo } } };
      const account = {
        id: unique("account_"),
        groupId: odd,
        traits: { name: { value: odd, at: dayOne } },
        createdAt: dayOne,
      };
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [one, other],
          evidence: [evidence],
          sheets: [sheet],
          persons: [ana],
          accounts: [account],
        }),
      );
      const load = () =>
        open.store.write((graph) =>
          graph.load({
            identifierKeys: [one.key, other.key],
            evidence: [evidence],
            sheets: [sheet],
            groupIds: [odd],
          }),
        );
      const remembered = await load();
      await forget(open);
      for (const loaded of [remembered, await load()]) {
        expect(loaded.identifiers).toHaveLength(2);
        expect(loaded.identifiers).toEqual(expect.arrayContaining([one, other]));
        expect({ ...loaded, identifiers: [] }).toEqual({
          identifiers: [],
          persons: [ana],
          evidence: [evidence],
          sheets: [sheet],
          accounts: [account],
          memberships: [],
        });
      }
    });

    test("given facts were read, when they are removed, then a later unit of work has none of them", async () => {
      const ana = person();
      const one = identifier("email", ana.id);
      const sheet = { key: one.key, source: "web", facts: { plan: { value: "x", at: dayTwo } } };
      const load = () =>
        open.store.write((graph) =>
          graph.load({ ...nothing, identifierKeys: [one.key], sheets: [sheet] }),
        );
      await open.store.write((graph) =>
        graph.save({ ...noChanges, identifiers: [one], persons: [ana], sheets: [sheet] }),
      );
      expect((await load()).sheets).toEqual([sheet]);
      await open.store.write(({ erasing }) => erasing.removeSheets([sheet]));
      expect((await load()).sheets).toEqual([]);
    });

    test("given a row, when it is saved again changed, then it is replaced", async () => {
      const [ana, bo] = [person(), person()];
      const one = identifier("email", ana.id);
      const other = identifier("email", ana.id);
      const evidence = tie(one, other);
      const save = (...changes: Parameters<typeof Object.assign>) =>
        open.store.write((graph) => graph.save({ ...noChanges, ...Object.assign({}, ...changes) }));
      await save({ identifiers: [one, other], evidence: [evidence], persons: [ana, bo] });
      const moved = { ...one, personId: bo.id, lastSeenAt: dayThree, claims: 9 };
      const grown = { ...evidence, count: 5, lastSeenAt: dayThree, lastPosition: 99 };
      await save({
        identifiers: [moved],
        evidence: [grown],
        persons: [{ ...bo, size: 2, createdAt: dayTwo }],
      });
      await forget(open);
      const loaded = await open.store.write((graph) =>
        graph.load({ ...nothing, identifierKeys: [one.key], evidence: [evidence] }),
      );
      expect(loaded.identifiers).toEqual([moved]);
      expect(loaded.evidence).toEqual([grown]);
      expect(loaded.persons).toEqual([{ ...bo, size: 2, createdAt: dayTwo }]);
      const held = await open.store.write((graph) => graph.identifiersOfPersons([ana.id, bo.id]));
      expect(held.map(({ key, personId }) => [key, personId]).sort()).toEqual(
        [
          [one.key, bo.id],
          [other.key, ana.id],
        ].sort(),
      );
    });

    test("given a chain of merges, when old ids are asked for, then each leads to the last survivor", async () => {
      const persons = [person(), person(), person(), person()];
      const ids = persons.map(({ id }) => id);
      const keys = persons.map(({ id }) => identifier("email", id));
      const unsaved = unique("person_");
      await open.store.write((graph) => graph.save({ ...noChanges, identifiers: keys, persons }));
      const steps = [
        [0, 1],
        [1, 2],
        [2, 3],
      ] as const;
      for (const [from, to] of steps) {
        const merge = { from: ids[from]!, to: ids[to]!, createdAt: dayOne };
        await open.store.write((graph) => graph.save({ ...noChanges, merges: [merge] }));
      }
      await open.store.write((graph) =>
        graph.save({ ...noChanges, merges: [{ from: unsaved, to: ids[3]!, createdAt: dayTwo }] }),
      );
      const found = await open.store.write((graph) =>
        graph.resolvePersonIds([...ids, unsaved, "person_nobody"]),
      );
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries([...ids, unsaved].map((id) => [id, ids[3]])),
      );
      const held = await open.store.write((graph) => graph.identifiersOfPersons(ids));
      expect(held.map(({ personId }) => personId)).toEqual(ids.map(() => ids[3]));
      const rows = await open.store.reader.persons([ids[0]!]);
      expect(rows.get(ids[0]!)?.id).toBe(ids[3]);
      expect((await open.store.reader.redirectsTo([ids[3]!])).get(ids[3]!)!.sort()).toEqual(
        [ids[0], ids[1], ids[2], unsaved].sort(),
      );
    });

    test("given a merged person, when it is saved as a person again, then its redirect ends", async () => {
      const [ana, bo, old] = [person(), person(), unique("person_")];
      const one = identifier("email", bo.id);
      await open.store.write((graph) =>
        graph.save({ ...noChanges, identifiers: [one], persons: [ana, bo] }),
      );
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          merges: [
            { from: bo.id, to: ana.id, createdAt: dayOne },
            { from: old, to: ana.id, createdAt: dayOne },
          ],
        }),
      );
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [{ ...one, personId: bo.id }],
          persons: [bo],
          redirects: [{ from: old, to: bo.id, createdAt: dayOne }],
        }),
      );
      const found = await open.store.write((graph) => graph.resolvePersonIds([bo.id, old, ana.id]));
      expect(Object.fromEntries(found)).toEqual({ [bo.id]: bo.id, [old]: bo.id, [ana.id]: ana.id });
    });

    test("given a component, when it is loaded from any of its identifiers, then all of it comes and no more", async () => {
      const [ana, bo] = [person(), person()];
      const chain = Array.from({ length: 6 }, () => identifier("email", ana.id));
      const decided = identifier("phone", bo.id);
      const stranger = identifier("email", bo.id);
      const ties = chain.slice(1).map((each, place) => tie(chain[place]!, each));
      const decision = mustLink([chain[5]!.key, decided.key]);
      const sheet = { key: chain[3]!.key, source: "web", facts: { a: { value: 1, at: dayOne } } };
      const old = unique("person_");
      await open.store.write(async (graph) => {
        await graph.save({
          ...noChanges,
          identifiers: [...chain, decided, stranger],
          evidence: ties,
          sheets: [sheet],
          persons: [ana, bo],
          merges: [{ from: old, to: ana.id, createdAt: dayTwo }],
        });
        await graph.saveDecision(decision);
      });
      const component = await open.store.reader.components([chain[0]!.key], 100);
      const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
      expect([...component!.identifiers].sort(byKey)).toEqual([...chain, decided].sort(byKey));
      expect(component!.evidence).toHaveLength(ties.length);
      expect(component!.evidence).toEqual(expect.arrayContaining(ties));
      expect(component!.decisions).toEqual([decision]);
      expect(component!.persons.map(({ id }) => id).sort()).toEqual([ana.id, bo.id].sort());
      expect(component!.sheets).toEqual([sheet]);
      expect(component!.redirects).toEqual([{ from: old, to: ana.id, createdAt: dayTwo }]);
      const fromMiddle = await open.store.write((graph) =>
        graph.loadComponents([decided.key], 100),
      );
      expect(fromMiddle!.identifiers).toHaveLength(7);
    });

    test("given more edges than allowed, when a component is loaded, then there is none", async () => {
      const ana = person();
      const hub = identifier("user_id", ana.id);
      const leaves = Array.from({ length: 30 }, () => identifier("anonymous_id", ana.id));
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [hub, ...leaves],
          evidence: leaves.map((leaf) => tie(hub, leaf)),
          persons: [ana],
        }),
      );
      expect(await open.store.reader.components([leaves[0]!.key], 20)).toBeNull();
      expect((await open.store.reader.components([leaves[0]!.key], 30))!.evidence).toHaveLength(30);
    });

    test("given a long chain, when a component is loaded from its end, then all of it comes up to a generic value, over decisions too", async () => {
      const [ana, bo] = [person(), person()];
      const chain = Array.from({ length: 40 }, () => identifier("device_id", ana.id));
      const other = Array.from({ length: 40 }, () => identifier("device_id", bo.id));
      const wall = identifier("email", null, { generic: true });
      const beyond = identifier("device_id", bo.id);
      const along = (keys: typeof chain) => keys.slice(1).map((each, at) => tie(keys[at]!, each));
      const ties = [...along(chain), ...along(other), ...along([other[39]!, wall, beyond])];
      const decision = mustLink([chain[39]!.key, other[0]!.key]);
      await open.store.write(async (graph) => {
        const identifiers = [...chain, ...other, wall, beyond];
        await graph.save({ ...noChanges, identifiers, evidence: ties, persons: [ana, bo] });
        await graph.saveDecision(decision);
      });
      const component = await open.store.reader.components([chain[0]!.key], 100);
      expect(component!.identifiers.map(({ key }) => key).sort()).toEqual(
        [...chain, ...other].map(({ key }) => key).sort(),
      );
      expect(component!.evidence).toHaveLength(79);
      expect(component!.decisions).toEqual([decision]);
      expect(await open.store.reader.components([chain[0]!.key], 78)).toBeNull();
      expect(await open.store.reader.components([chain[0]!.key], 20)).toBeNull();
    });

    test("given a generic identifier, when components are loaded, then none leads through it, but it leads to all", async () => {
      const [ana, bo] = [person(), person()];
      const generic = identifier("email", null, { generic: true });
      const [one, other] = [identifier("user_id", ana.id), identifier("user_id", bo.id)];
      const ties = [tie(one, generic), tie(other, generic)];
      await open.store.write((graph) =>
        graph.save({
          ...noChanges,
          identifiers: [generic, one, other],
          evidence: ties,
          persons: [ana, bo],
        }),
      );
      const fromOne = await open.store.reader.components([one.key], 100);
      expect(fromOne!.identifiers.map(({ key }) => key)).toEqual([one.key]);
      const fromGeneric = await open.store.reader.components([generic.key], 100);
      expect(fromGeneric!.identifiers.map(({ key }) => key).sort()).toEqual(
        [generic.key, one.key, other.key].sort(),
      );
    });

    test("given a decision, when it is withdrawn, then components no longer follow it, until it is in force again", async () => {
      const [ana, bo] = [person(), person()];
      const [one, other] = [identifier("user_id", ana.id), identifier("user_id", bo.id)];
      const decision = mustLink([one.key], { kind: "CANNOT_LINK", right: [other.key] });
      await open.store.write(async (graph) => {
        await graph.save({ ...noChanges, identifiers: [one, other], persons: [ana, bo] });
        await graph.saveDecision(decision);
      });
      const reach = async () =>
        (await open.store.reader.components([one.key], 100))!.identifiers.length;
      const put = (inForce: boolean) =>
        open.store.write((graph) => graph.setDecisionInForce(decision.id, inForce));
      expect(await reach()).toBe(2);
      expect(await put(false)).toEqual(decision);
      expect(await reach()).toBe(1);
      await put(true);
      expect(await reach()).toBe(2);
      expect(
        await open.store.write((graph) => graph.setDecisionInForce("decision_none", true)),
      ).toBeNull();
    });
  });
}
