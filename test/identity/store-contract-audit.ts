import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import { unique } from "./identity-world.ts";
import type { OpenStore } from "./store-contract.ts";
import { auditOf, dayOne, dayTwo, identifier, person } from "./store-rows.ts";

const anything = { personId: null, kinds: null };

/** The audit log. */
export function auditContract(name: string, openStore: () => Promise<OpenStore>): void {
  describe(`${name}: the audit log`, () => {
    let open: OpenStore;
    beforeAll(async () => {
      open = await openStore();
    }, 120_000);
    afterAll(() => open?.close());

    test("given entries, when they are listed, then newest first, by person and kind, page by page", async () => {
      const [ana, bo] = [unique("person_"), unique("person_")];
      const entries = [
        auditOf([ana], { kind: "CREATE" }),
        auditOf([bo], { kind: "CREATE" }),
        auditOf([ana, bo], { kind: "MERGE", redirects: [{ from: bo, to: ana }] }),
      ];
      for (const entry of entries) {
        await open.store.write((graph) => graph.save({ ...noChanges, audit: [entry] }));
      }
      const list = (listing: object, limit = 10, after: string | null = null) =>
        open.store.reader.listAudit({ ...anything, ...listing }, { limit, after });
      const newestFirst = [...entries].reverse();
      expect((await list({}, 3)).map(({ entry }) => entry)).toEqual(newestFirst);
      expect((await list({ personId: bo })).map(({ entry }) => entry)).toEqual([
        entries[2],
        entries[1],
      ]);
      expect((await list({ personId: ana, kinds: ["CREATE"] })).map(({ entry }) => entry)).toEqual([
        entries[0],
      ]);
      const [first] = await list({}, 1);
      expect((await list({}, 2, first!.sortKey)).map(({ entry }) => entry)).toEqual(
        newestFirst.slice(1),
      );
    });

    test("given an entry, when it is reverted, then it says by which one", async () => {
      const entry = auditOf([unique("person_")], {
        decision: { decisionId: unique("decision_"), step: "MADE" },
        actor: "key_1",
        reason: "Passport",
      });
      const byId = unique("change_");
      await open.store.write((graph) => graph.save({ ...noChanges, audit: [entry] }));
      await open.store.write((graph) => graph.markReverted(entry.id, byId));
      const found = await open.store.write((graph) => graph.auditEntry(entry.id));
      expect(found).toEqual({ ...entry, revertedBy: byId });
      expect((await open.store.reader.auditEntries([entry.id])).get(entry.id)).toEqual(found);
      expect(await open.store.write((graph) => graph.auditEntry("change_none"))).toBeNull();
    });

    test("given decisions, when one they name is erased and texts of another are scrubbed, then no reason tells of either", async () => {
      const persons = [person(), person(), person()];
      const [gone, ana, bo] = persons.map(({ id }) => identifier("user_id", id));
      const mail = `${unique("erased")}@example.org`;
      const decide = (reason: string, left: string[], right: string[]) => ({
        ...{ id: unique("decision_"), kind: "CANNOT_LINK" as const, left, right },
        ...{ madeAt: dayOne, actor: "key_1", reason },
      });
      const [one, other] = [
        decide("Gone and Bo", [gone!.key, ana!.key], [bo!.key]),
        decide(`Ana, not ${mail}`, [ana!.key], [bo!.key]),
      ];
      await open.store.write(async (graph) => {
        await graph.save({ ...noChanges, persons, identifiers: [gone!, ana!, bo!] });
        for (const decision of [one, other]) await graph.saveDecision(decision);
      });
      await open.store.write(async ({ erasing }) => {
        const keys = [gone!.key];
        await erasing.erase({ keys, personIds: [], tombstones: [], erasedAt: dayTwo });
        const texts = { parts: [mail], digits: [] };
        await erasing.scrubDecisions(texts, (reason) => reason.replace(mail, "somebody"));
      });
      const left = await open.store.write((graph) => graph.loadComponents([ana!.key], 10));
      expect(new Map(left!.decisions.map(({ id, reason }) => [id, reason]))).toEqual(
        new Map([
          [one.id, ""],
          [other.id, "Ana, not somebody"],
        ]),
      );
    });
  });
}
