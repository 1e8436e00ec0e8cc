import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { factsUntil, pastValuesMax } from "../../subgraphs/identity/domain/fact-history.ts";
import { addFacts, factsOf } from "../../subgraphs/identity/domain/golden-record.ts";
import type { FactSheet } from "../../subgraphs/identity/domain/fact.ts";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";

const origin = { source: "web", key: "user_id:u" };
const instant = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();

function sheetOf(said: readonly { n: number; value: string }[]): FactSheet {
  return said.reduce<FactSheet>(
    (sheet, { n, value }) =>
      addFacts(sheet, factsOf({ city: value }, { at: instant(n), ...origin }), defaultPolicy),
    { ...origin, facts: {} },
  );
}

test("given distinct values at distinct times in any order, then each instant tells the latest until then", () => {
  const said = fc.uniqueArray(fc.nat(1_000), { maxLength: pastValuesMax, minLength: 1 });
  fc.assert(
    fc.property(said, fc.nat(1_000), (times, n) => {
      const sheet = sheetOf(times.map((each) => ({ n: each, value: `city ${each}` })));
      const [first] = factsUntil(sheet, instant(n));
      const latest = times.filter((each) => each <= n).sort((a, b) => b - a)[0];
      expect(first?.facts.city?.value).toBe(latest === undefined ? undefined : `city ${latest}`);
    }),
  );
});

test("given a value that is said again and again, then its past does not grow, and it is known since when", () => {
  const said = Array.from({ length: 50 }, (_, n) => ({ n: n + 10, value: "Porto" }));
  const sheet = sheetOf([{ n: 1, value: "Faro" }, ...said]);
  expect(sheet.facts.city!.was).toHaveLength(2);
  expect(factsUntil(sheet, instant(15))[0]!.facts.city!.value).toBe("Porto");
  expect(factsUntil(sheet, instant(5))[0]!.facts.city!.value).toBe("Faro");
});

test("given more values than are kept, then the newest stay", () => {
  const sheet = sheetOf(Array.from({ length: 100 }, (_, n) => ({ n, value: `city ${n}` })));
  expect(sheet.facts.city!.was).toHaveLength(pastValuesMax);
  expect(sheet.facts.city!.value).toBe("city 99");
});

const changingCity = fc.record({ n: fc.nat(30), value: fc.constantFrom("Faro", "Porto", "Braga") });
const cities = fc.array(changingCity, { minLength: 1, maxLength: pastValuesMax });

test("given values in any order, when any of them is said again, then the sheet stays the same", () => {
  fc.assert(
    fc.property(cities, fc.nat(), (said, which) => {
      const sheet = sheetOf(said);
      const { n, value } = said[which % said.length]!;
      const again = factsOf({ city: value }, { at: instant(n), ...origin });
      expect(addFacts(sheet, again, defaultPolicy)).toBe(sheet);
    }),
    { numRuns: 2_000 },
  );
});

test("given values in the order of their times, then each instant tells the latest until then", () => {
  fc.assert(
    fc.property(
      fc.array(
        changingCity.map(({ value }) => value),
        { maxLength: 12 },
      ),
      (values) => {
        const sheet = sheetOf(values.map((value, n) => ({ n, value })));
        values.forEach((value, n) => {
          expect(factsUntil(sheet, instant(n))[0]!.facts.city!.value).toBe(value);
        });
      },
    ),
  );
});

test("given a value that came late into a time in which another was said, then that one is back after it", () => {
  const sheet = sheetOf([
    { n: 10, value: "Porto" },
    { n: 30, value: "Porto" },
    { n: 40, value: "Braga" },
    { n: 20, value: "Faro" },
  ]);
  const told = [15, 25, 35, 45].map((n) => factsUntil(sheet, instant(n))[0]!.facts.city!.value);
  expect(told).toEqual(["Porto", "Faro", "Porto", "Braga"]);
});
