import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { IdentityWorld, unique } from "./identity-world.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

/** Who has which identifier, and where ids lead that are no person's any more. */
interface Standing {
  places: Map<string, string>;
  redirects: Map<string, string>;
  /** Where the own identifiers of an id are: their keys and persons, by id. */
  homes: Map<string, string[]>;
}

interface Payload {
  change: { id: string } | null;
  exact?: boolean;
  differences?: unknown[];
}

const peopleCount = 4;
const act = fc.record({
  verb: fc.constantFrom("merge", "merge", "split", "split", "link", "replay", "revert"),
  one: fc.nat(),
  other: fc.nat(),
  more: fc.nat(),
});

async function standing(mark: string): Promise<Standing> {
  const { database } = world.platform;
  const places = await database.query<{ key: string; person_id: string; origin_id: string }>(
    "select key, person_id, origin_id from identity.identifiers where key like '%' || $1 order by key",
    [mark],
  );
  const redirects = await database.query<{ id: string; merged_into: string }>(
    "select id, merged_into from identity.persons where merged_into is not null",
  );
  return {
    places: new Map(places.map(({ key, person_id }) => [key, person_id])),
    redirects: new Map(redirects.map(({ id, merged_into }) => [id, merged_into])),
    homes: new Map(
      [...Map.groupBy(places, ({ origin_id }) => origin_id)].map(([id, own]) => [
        id,
        own.map(({ key, person_id }) => `${key} ${person_id}`),
      ]),
    ),
  };
}

async function mutate(name: string, type: string, fields: string, input: object) {
  const data = await world.ask<Record<string, Payload>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { change { id } ${fields} } }`,
    { input: { ...input, reason: "Told so" } },
  );
  return data[name]!;
}

const merge = (into: string, from: string[]) =>
  mutate("mergePersons", "MergePersonsInput", "", { into, from });
const split = (person: string, keys: readonly string[]) =>
  mutate("splitPerson", "SplitPersonInput", "", {
    person,
    identifiers: keys.map((key) => {
      const at = key.indexOf(":");
      return { namespace: key.slice(0, at), value: key.slice(at + 1) };
    }),
  });
const revert = (change: string) =>
  mutate("revertIdentityChange", "RevertIdentityChangeInput", "exact differences { kind }", {
    change,
  });

/** People with an address each, some of them also seen with their neighbour's. */
function sayings(mark: string) {
  return Array.from({ length: peopleCount }, (_, n) => [
    { ids: { user_id: `u${n}${mark}`, anonymous_id: `a${n}${mark}`, email: `e${n}${mark}` } },
    { ids: { app_login: `l${n}${mark}`, anonymous_id: `b${n}${mark}` } },
    { ids: { app_login: `l${n}${mark}`, email: `e${(n + (n % 2)) % peopleCount}${mark}` } },
  ]).flat();
}

/** Does one thing; gives the change by hand that it was, if any. */
async function does(
  { verb, one, other, more }: { verb: string; one: number; other: number; more: number },
  mark: string,
  { places }: Standing,
  changes: readonly string[],
): Promise<string | null> {
  const persons = [...new Set(places.values())].sort();
  const [a, b] = [persons[one % persons.length]!, persons[other % persons.length]!];
  if (verb === "merge") return a === b ? null : ((await merge(a, [b])).change?.id ?? null);
  if (verb === "split") {
    const own = [...places].filter(([, person]) => person === a).map(([key]) => key);
    const leaving = own.filter((_, n) => (other >> (n % 16)) % 2 === 1).slice(0, own.length - 1);
    return leaving.length === 0 ? null : ((await split(a, leaving)).change?.id ?? null);
  }
  if (verb === "link") {
    const [user, device] = [`u${one % peopleCount}${mark}`, `b${other % peopleCount}${mark}`];
    await world.accept({
      at: `2026-02-01T00:00:${10 + (more % 50)}.000Z`,
      ids: { user_id: user, anonymous_id: device },
    });
  }
  if (verb === "revert" && changes.length > 0) {
    return (await revert(changes[one % changes.length]!)).change?.id ?? null;
  }
  if (verb === "replay") await world.accept(...sayings(mark).slice(one % 3));
  return null;
}

test("given merges, splits and links in any order, when one is taken back at once, then persons, ids and redirects are exactly what they were", async () => {
  let undone = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 14 }), async (acts) => {
      const mark = `@${unique("w")}.org`;
      await world.accept(...sayings(mark));
      const ever = new Set<string>();
      const changes: string[] = [];
      for (const each of acts) {
        const before = await standing(mark);
        const change = await does(each, mark, before, changes);
        const after = await standing(mark);
        for (const id of [...before.places.values(), ...after.places.values()]) ever.add(id);
        if (change) {
          const taken = await revert(change);
          const restored = await standing(mark);
          expect(restored.places).toEqual(before.places);
          for (const [from, to] of before.redirects) {
            // Of an id whose identifiers went several ways, or to a new id, no way is the right one.
            const [own, later] = [before.homes.get(from), restored.homes.get(from)];
            if (!own?.every((each) => each.endsWith(to)) || own.join() !== later?.join()) continue;
            expect([from, restored.redirects.get(from)]).toEqual([from, to]);
          }
          expect(taken).toMatchObject({ exact: true, differences: [] });
          for (const id of restored.places.values()) ever.add(id);
          undone += 1;
          if (each.more % 2 === 0) changes.push(taken.change!.id);
          else {
            const again = await revert(taken.change!.id);
            expect((await standing(mark)).places).toEqual(after.places);
            expect(again).toMatchObject({ exact: true, differences: [] });
            changes.push(again.change!.id);
          }
        }
        const { places, redirects } = await standing(mark);
        const living = new Set(places.values());
        for (const id of ever) expect(living).toContain(redirects.get(id) ?? id);
      }
    }),
    { numRuns: 40, interruptAfterTimeLimit: 60_000 },
  );
  expect(undone).toBeGreaterThan(20);
}, 120_000);
