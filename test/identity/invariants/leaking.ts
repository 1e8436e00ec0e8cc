import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { defaultPolicy } from "../../../subgraphs/identity/domain/default-policy.ts";
import { factsOf, addFacts, recordOf } from "../../../subgraphs/identity/domain/golden-record.ts";
import type { Fact, FactSheet } from "../../../subgraphs/identity/domain/fact.ts";
import { putRecords } from "../record-words.ts";
import { type OpenWorld, personsOf, shuffled, unique } from "./invariant-words.ts";

const policy = { ...defaultPolicy, traitOwners: { city: ["crm", "lms"] } };

interface Said {
  source: string;
  at: string;
  traits: Record<string, unknown>;
}

const said: fc.Arbitrary<Said> = fc.record({
  source: fc.constantFrom("crm", "lms", "web"),
  at: fc.integer({ min: 1, max: 4 }).map((day) => `2026-01-0${day}T00:00:00.000Z`),
  traits: fc.record(
    {
      city: fc.constantFrom("Porto", "Faro", null),
      city_verified: fc.boolean(),
      plan: fc.constantFrom("free", "paid", null),
    },
    { requiredKeys: [] },
  ),
});

function sheetsOf(all: readonly Said[]): FactSheet[] {
  const sheets = new Map<string, FactSheet>();
  for (const { source, at, traits } of all) {
    const known = sheets.get(source) ?? { key: "user_id:u", source, facts: {} };
    const facts: Record<string, Fact> = factsOf(traits, { at, source, key: "user_id:u" });
    sheets.set(source, addFacts(known, facts, policy));
  }
  return [...sheets.values()];
}

/** What one side of a link may know of the other, and whose word counts. */
export function leakingInvariants(open: OpenWorld): void {
  test("14 given a match of the medium band, when either side is read, then nothing of the other shows", async () => {
    const name = { first_name: unique("Dinis"), last_name: unique("Quintela"), city: "Faro" };
    const record = (key: string, secret: string) => ({
      kind: "LEAD",
      key,
      attributes: { ...name, hobby: secret },
    });
    const [one, other] = [unique("r"), unique("r")];
    await putRecords(open(), "crm", record(one, "chess"));
    await putRecords(open(), "crm", record(other, "surf"));
    await open().platform.settle();
    const of = (key: string): [string, string] => ["record", `crm/LEAD/${key}`];
    const [left, right] = await personsOf(open(), of(one), of(other));
    expect(left).not.toBe(right);
    const read = async (id: string) =>
      JSON.stringify(
        await open().ask(
          `query ($id: ID!) { person(by: { id: $id }) { identifiers { nodes { value } }
            traits { name value } records { nodes { key attributes } } } }`,
          { id },
        ),
      );
    expect(await read(left!)).not.toMatch(new RegExp(`surf|${other}`));
    expect(await read(right!)).not.toMatch(new RegExp(`chess|${one}`));
  });

  test("25 given facts of any sources in any order, when they meet, then the owner's counts, then the verified, then the newest, and null never overwrites", () => {
    const told = fc
      .array(said, { minLength: 1, maxLength: 8 })
      .chain((all) => fc.tuple(fc.constant(all), shuffled(all)));
    fc.assert(
      fc.property(told, ([all, order]) => {
        const record = recordOf(sheetsOf(all), policy);
        expect(recordOf(sheetsOf(order), policy)).toEqual(record);
        const cities = all.filter(({ traits }) => (traits.city ?? null) !== null);
        expect(record.city === undefined).toBe(cities.length === 0);
        if (cities.length === 0) return;
        const rank = ({ source, traits, at }: Said) => [
          ["crm", "lms", "web"].indexOf(source) < 2 ? ["crm", "lms"].indexOf(source) : 2,
          traits.city_verified === true ? 0 : 1,
          -Date.parse(at),
        ];
        const best = cities
          .map(rank)
          .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!)[0]!;
        const winners = cities.filter(
          (each) => JSON.stringify(rank(each)) === JSON.stringify(best),
        );
        expect(winners.map(({ traits }) => traits.city)).toContain(record.city!.value);
      }),
      { numRuns: 500 },
    );
  });

  test("25 given a verified address, when a later one is not verified and another is null, then the verified one stays, after a merge too", async () => {
    const [a, b] = [unique("u"), unique("u")];
    const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
    await open().accept(
      { ids: { user_id: a }, at: at(1), traits: { phone_home: "1", phone_home_verified: true } },
      { ids: { user_id: a }, at: at(2), traits: { phone_home: "2" } },
      { ids: { user_id: a }, at: at(3), traits: { phone_home: null } },
      { ids: { user_id: b }, at: at(4), traits: { phone_home: "3" } },
    );
    const [into, from] = await personsOf(open(), ["user_id", b], ["user_id", a]);
    await open().ask(
      "mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { problems { code } } }",
      { input: { into, from: [from], reason: "test" } },
    );
    const { person } = await open().ask<{ person: { traits: { value: string }[] } }>(
      'query ($id: ID!) { person(by: { id: $id }) { traits(names: ["phone_home"]) { value } } }',
      { id: into },
    );
    expect(person.traits).toEqual([{ value: "1" }]);
  });
}
