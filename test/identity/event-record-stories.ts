import { beforeAll, describe, expect, test } from "@jest/globals";
import { type IdentityWorld, type Saying, unique } from "./identity-world.ts";
import { person, putRecords } from "./record-words.ts";

/** Records that come with events; holds for every layout of storage. */
export function eventRecordStories(title: string, open: () => Promise<IdentityWorld>): void {
  describe(title, () => {
    let world: IdentityWorld;
    beforeAll(async () => {
      world = await open();
    });
    /** Records are told in turn: after one of another call, those of the events are. */
    const accept = async (...sayings: Saying[]) => {
      await world.accept(...sayings);
      await putRecords(world, "web", { kind: "OTHER", key: unique("k"), attributes: { a: 1 } });
    };
    const carrying = (record: unknown, saying: Partial<Saying> = {}): Saying => ({
      source: "crm",
      ids: { crm_contact_id: unique("003"), anonymous_id: unique("a") },
      context: { record },
      ...saying,
    });

    test("given an event with a record, when it is resolved, then the entry of its source is there, of whom the event names", async () => {
      const [key, contact] = [unique("r"), unique("003")];
      const email = `${unique("e")}@x.org`;
      const attributes = { givenName: "Ana", familyName: unique("S") };
      await accept(
        carrying(
          { kind: "contact", key, attributes },
          { ids: { crm_contact_id: contact, email, anonymous_id: unique("a") }, at: "2026-02-01" },
        ),
      );
      const id = await world.personOf("record", `crm/CONTACT/${key}`);
      expect(id).toBe(await world.personOf("crm_contact_id", contact));
      const { records } = await person(world, id!);
      expect(records.nodes).toEqual([
        {
          ...{ source: { name: "crm" }, kind: "CONTACT", key, attributes },
          observedAt: "2026-02-01T00:00:00.000Z",
        },
      ]);
    });

    test("given a record without attributes, when its event has traits, then it says them, and the later of two stands", async () => {
      const [key, contact] = [unique("r"), unique("003")];
      const said = (city: string, at: string) =>
        carrying({ key }, { ids: { crm_contact_id: contact }, traits: { city }, at });
      await accept(said("Porto", "2026-03-01T00:00:00.000Z"));
      await accept(said("Faro", "2026-02-01T00:00:00.000Z"));
      const id = await world.personOf("record", `crm/OTHER/${key}`);
      const { records } = await person(world, id!);
      expect(records.nodes.map(({ attributes }) => attributes)).toEqual([{ city: "Porto" }]);
    });

    test("given two entries of one person in two systems, when they come with events, then they are matched as any", async () => {
      const born = { birthDate: "1988-04-02", postalCode: "1100-148", city: "Lisboa" };
      const attributes = { givenName: "Filomena", familyName: unique("Vasconcelos"), ...born };
      const [a, b] = [unique("r"), unique("r")];
      await accept(carrying({ kind: "CONTACT", key: a, attributes }));
      await accept(carrying({ kind: "LEARNER", key: b, attributes }, { source: "lms", ids: {} }));
      const one = await world.personOf("record", `crm/CONTACT/${a}`);
      expect(one).not.toBeNull();
      expect(await world.personOf("record", `lms/LEARNER/${b}`)).toBe(one);
    });

    test("given records that are none, when their events come, then the events count and the refusals are counted", async () => {
      const refused = async () => {
        const text = await world.platform.running.platform.metrics.metrics();
        return Number(/^identity_event_records_refused_total (\d+)$/m.exec(text)?.[1]);
      };
      const before = await refused();
      const users = [unique("u"), unique("u"), unique("u"), unique("u")];
      const bad = ["text", { kind: "SHOE", key: "1" }, { kind: "LEAD" }, { key: " " }];
      await accept(
        ...users.map((user_id, place) => carrying(bad[place], { ids: { user_id } })),
        carrying(null),
      );
      for (const user of users) expect(await world.personOf("user_id", user)).not.toBeNull();
      expect(await refused()).toBe(before + 4);
    });
  });
}
