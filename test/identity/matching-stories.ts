import { beforeAll, describe, expect, test } from "@jest/globals";
import { type IdentityWorld, unique } from "./identity-world.ts";
import { putRecords, type RecordSaying } from "./record-words.ts";

const ana = {
  givenName: "Ana",
  familyName: "Sousa Valadares",
  birthDate: "1988-04-02",
  postalCode: "1100-148",
};
const entry = (kind: string, attributes: object, saying: Partial<RecordSaying> = {}) => ({
  kind,
  key: unique("r"),
  observedAt: "2026-01-01T10:00:00Z",
  attributes,
  ...saying,
});

interface Item {
  probability: number;
  low: string;
  high: string;
  state: string;
}
/** Holds for every layout of storage. */
export function matchingStories(title: string, open: () => Promise<IdentityWorld>): void {
  describe(title, () => {
    let world: IdentityWorld;
    beforeAll(async () => {
      world = await open();
    });
    const of = (source: string, { kind, key }: RecordSaying) =>
      world.personOf("record", `${source}/${kind}/${key}`);
    const itemsOf = (key: string) =>
      world.platform.database.query(
        `select probability, state, weights from identity.review_items
     where low_key like $1 or high_key like $1`,
        [`%${key}`],
      ) as Promise<unknown> as Promise<(Item & { weights: string })[]>;

    test("given one person in two systems under other column names, when both records are there, then they are one", async () => {
      const crm = entry("CONTACT", ana);
      const lms = entry("LEARNER", {
        vorname: "ANA",
        nachname: "Sousa-Valadares",
        geburtsdatum: "02.04.1988",
        plz: "1100-148",
      });
      await putRecords(world, "crm", crm);
      await putRecords(world, "lms", lms);
      const person = await of("crm", crm);
      expect(person).not.toBeNull();
      expect(await of("lms", lms)).toBe(person);
    });

    test("given the two in one call, when they are put, then they are one as well", async () => {
      const attributes = {
        ...ana,
        givenName: "Beatriz",
        familyName: "Quaresma",
        birthDate: "1971-11-23",
      };
      const [one, other] = [entry("CONTACT", attributes), entry("CONTACT", attributes)];
      await putRecords(world, "crm", one, other);
      expect(await of("crm", one)).toBe(await of("crm", other));
    });

    test("given twins, when both are put, then they stay two", async () => {
      const of2 = (givenName: string) =>
        entry("MEMBER", {
          givenName,
          familyName: "Zangado",
          birthDate: "2001-05-06",
          postalCode: "4000-001",
          street: "Rua A 1",
        });
      const [one, other] = [of2("Rui"), of2("Tiago")];
      await putRecords(world, "club", one, other);
      expect(await of("club", one)).not.toBe(await of("club", other));
    });

    test("given two crm contact ids, when their records match, then they stay two persons", async () => {
      const attributes = {
        ...ana,
        givenName: "Carlota",
        familyName: "Pimentel",
        birthDate: "1969-02-17",
      };
      const of2 = () => {
        const id = unique("003");
        return entry("CONTACT", attributes, {
          identifiers: [{ namespace: "crm_contact_id", value: id }],
        });
      };
      const [one, other] = [of2(), of2()];
      await putRecords(world, "crm", one);
      await putRecords(world, "crm", other);
      expect(await of("crm", one)).not.toBe(await of("crm", other));
    });

    test("given the same name and city alone, when both are put, then somebody is asked and they stay two", async () => {
      const attributes = { first_name: "Dinis", last_name: "Quintela", city: "Faro" };
      const [one, other] = [entry("LEAD", attributes), entry("LEAD", attributes)];
      await putRecords(world, "crm", one);
      await putRecords(world, "crm", other);
      expect(await of("crm", one)).not.toBe(await of("crm", other));
      const [item] = await itemsOf(one.key);
      expect(item).toMatchObject({ state: "OPEN" });
      expect(item!.probability).toBeGreaterThan(0.6);
      expect(item!.probability).toBeLessThan(0.9);
    });

    test("given a match, when a record says something else, then the persons part again", async () => {
      const attributes = {
        ...ana,
        givenName: "Eduarda",
        familyName: "Ramalhete",
        birthDate: "1955-08-30",
      };
      const [one, other] = [entry("CONTACT", attributes), entry("CONTACT", attributes)];
      await putRecords(world, "crm", one, other);
      const person = await of("crm", one);
      expect(await of("crm", other)).toBe(person);
      const corrected = {
        givenName: "Gonçalo",
        familyName: "Ferraz",
        birthDate: "1999-01-05",
        postalCode: "8000",
      };
      await putRecords(world, "crm", {
        ...other,
        observedAt: "2026-02-01T00:00:00Z",
        attributes: corrected,
      });
      expect(await of("crm", other)).not.toBe(await of("crm", one));
    });

    test("given a match that a steward has split, when the record is put again, then they stay two", async () => {
      const attributes = {
        ...ana,
        givenName: "Filomena",
        familyName: "Bacelar",
        birthDate: "1977-07-07",
      };
      const [one, other] = [entry("CONTACT", attributes), entry("CONTACT", attributes)];
      await putRecords(world, "crm", one, other);
      const person = (await of("crm", one))!;
      await world.ask(
        `mutation ($input: SplitPersonInput!) { splitPerson(input: $input) { problems { code } } }`,
        {
          input: {
            person,
            identifiers: [{ namespace: "record", value: `crm/CONTACT/${other.key}` }],
            reason: "Mother and daughter",
          },
        },
      );
      expect(await of("crm", other)).not.toBe(await of("crm", one));
      await putRecords(world, "crm", {
        ...other,
        observedAt: "2026-02-01T00:00:00Z",
        attributes: { ...attributes, city: "Faro" },
      });
      expect(await of("crm", other)).not.toBe(await of("crm", one));
    });
  });
}
