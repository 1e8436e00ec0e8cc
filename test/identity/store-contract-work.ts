import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { StreamEntry } from "../../kernel/streams/stream.ts";
import { noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import { event, unique } from "./identity-world.ts";
import type { OpenStore } from "./store-contract.ts";
import { identifier, person } from "./store-rows.ts";

const nothing = { evidence: [], sheets: [], groupIds: [] };

/** Units of work: all or nothing, alone, once. */
export function workContract(name: string, openStore: () => Promise<OpenStore>): void {
  describe(`${name}: units of work`, () => {
    let open: OpenStore;
    beforeAll(async () => {
      open = await openStore();
    }, 120_000);
    afterAll(() => open?.close());

    test("given a unit of work, when it fails, then nothing of it has happened", async () => {
      const ana = person();
      const one = identifier("email", ana.id);
      const before = await open.head();
      const work = open.store.write(async (graph) => {
        await graph.save({ ...noChanges, identifiers: [one], persons: [ana] });
        await graph.announce([{ key: ana.id, kind: "CHANGE", payload: {} }]);
        throw new Error("no");
      });
      await expect(work).rejects.toThrow("no");
      expect(await open.store.reader.personIdsOf([one.key])).toEqual(new Map());
      expect(await open.announced(before)).toEqual([]);
    });

    test("given a unit of work, when it commits, then its announcements follow in order", async () => {
      const before = await open.head();
      const entries = Array.from({ length: 20 }, (_, place) => ({
        key: `k${place}`,
        kind: "CHANGE",
        payload: { place, text: 'é 🦊 \\ "' },
      }));
      await open.store.write((graph) => graph.announce(entries));
      const told = await open.announced(before);
      expect(told.map(({ key, kind, payload }) => ({ key, kind, payload }))).toEqual(entries);
    });

    test("given many writers at once, when each reads and writes, then none overwrites another", async () => {
      const ana = person();
      const one = identifier("email", ana.id, { claims: 0 });
      await open.store.write((graph) =>
        graph.save({ ...noChanges, identifiers: [one], persons: [ana] }),
      );
      const increment = () =>
        open.store.write(async (graph) => {
          const { identifiers } = await graph.load({ ...nothing, identifierKeys: [one.key] });
          const [known] = identifiers;
          const claims = known!.claims + 1;
          await graph.save({ ...noChanges, identifiers: [{ ...known!, claims }] });
        });
      await Promise.all(Array.from({ length: 24 }, increment));
      const found = await open.store.reader.identifiersByKey([one.key]);
      expect(found.get(one.key)!.claims).toBe(24);
    });

    test("given a new identifier, when many writers create its person if there is none, then there is one", async () => {
      const key = unique("user_id:u");
      const value = key.slice("user_id:".length);
      const before = await open.head();
      const identify = () =>
        open.store.write(async (graph) => {
          const { identifiers } = await graph.load({ ...nothing, identifierKeys: [key] });
          if (identifiers.length > 0) return;
          const ana = person();
          const one = identifier("user_id", ana.id, { value });
          await graph.save({ ...noChanges, identifiers: [one], persons: [ana] });
          await graph.announce([{ key: ana.id, kind: "CHANGE", payload: {} }]);
        });
      await Promise.all(Array.from({ length: 24 }, identify));
      expect(await open.announced(before)).toHaveLength(1);
    });

    test("given accepted events, when they are consumed, then each comes once and in order", async () => {
      const events = Array.from({ length: 1_200 }, (_, place) =>
        event({ type: "TRACK", name: `n${place}`, ids: { user_id: unique("u") } }),
      );
      const before = await open.head();
      const seen: StreamEntry[] = [];
      let failures = 2;
      const consumer = open.store.consumeEvents(async (graph, entries) => {
        if (failures > 0) {
          failures -= 1;
          throw new Error("a fault that passes");
        }
        seen.push(...entries);
        await graph.announce([{ key: "run", kind: "RESOLVED", payload: { n: entries.length } }]);
      });
      try {
        await open.accept(events.slice(0, 700));
        await open.accept(events.slice(700));
        const deadlineAt = Date.now() + 20_000;
        const told = async () =>
          (await open.announced(before)).reduce(
            (n, { payload }) => n + (payload as { n: number }).n,
            0,
          );
        while ((await told()) < events.length && Date.now() < deadlineAt) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        expect(await told()).toBe(events.length);
      } finally {
        await consumer.stop();
      }
      expect(seen.map(({ payload }) => payload)).toEqual(events);
      const positions = seen.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
    });
  });
}
