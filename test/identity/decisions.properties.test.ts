import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Decision } from "../../subgraphs/identity/domain/decision.ts";
import { standingKeys } from "../../subgraphs/identity/domain/decision-sides.ts";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { indexPolicy } from "../../subgraphs/identity/domain/identity-policy.ts";
import { IdentifierReader } from "../../subgraphs/identity/domain/normalise-identifier.ts";
import { observe, type Observation } from "../../subgraphs/identity/domain/observation.ts";
import { event, type Saying } from "./identity-world.ts";
import { MemoryGraph } from "./memory-graph.ts";

const index = indexPolicy(defaultPolicy);
const reader = new IdentifierReader(defaultPolicy);
const value = (most: number) => fc.integer({ min: 1, max: most }).map((n) => `v${n}`);

const saying: fc.Arbitrary<Saying> = fc
  .record(
    {
      user_id: value(4),
      anonymous_id: value(4),
      email: value(3).map((text) => `${text}@x.org`),
      crm_contact_id: value(3),
    },
    { requiredKeys: [] },
  )
  .filter((ids) => Object.keys(ids).length > 0)
  .chain((ids) =>
    fc.record({
      ids: fc.constant(ids as Record<string, string>),
      at: fc.integer({ min: 10, max: 40 }).map((s) => `2026-01-01T00:00:${s}.000Z`),
      traits: fc.dictionary(fc.constantFrom("plan", "city"), value(3)),
    }),
  );
const story = fc.array(saying, { minLength: 2, maxLength: 12 });

function observations(sayings: readonly Saying[], from = 0): Observation[] {
  return sayings.map((each, place) => {
    const position = from + place + 1;
    return observe(event({ ...each, messageId: `m${position}` }), position, reader, index);
  });
}

let serial = 0;
function decision(kind: Decision["kind"], left: string[], right: string[] = []): Decision {
  serial += 1;
  const madeAt = new Date(Date.UTC(2027, 0, 1) + serial).toISOString();
  return { id: `decision_${serial}`, kind, left, right, madeAt, actor: "key", reason: "because" };
}

/** What stands for a person in a decision, as the steward's service takes it. */
function standing(graph: MemoryGraph, personId: string): string[] {
  return standingKeys(graph.identifiersOf(personId), index);
}

const runs = { numRuns: 700 };
const ids = (graph: MemoryGraph) =>
  Object.fromEntries(graph.groups().map(({ id, keys }) => [keys.join(" "), id]));

describe("human word", () => {
  test("given any two persons, when they are merged by hand and the merge is withdrawn, then all is as before, ids included", () => {
    fc.assert(
      fc.property(story, fc.nat(), fc.nat(), (sayings, one, other) => {
        const graph = new MemoryGraph(index);
        graph.resolve(observations(sayings));
        const persons = graph.groups();
        const [a, b] = [persons[one % persons.length]!, persons[other % persons.length]!];
        fc.pre(a.id !== b.id);
        const [before, view] = [ids(graph), graph.view()];
        const merge = decision("MUST_LINK", [...standing(graph, a.id), ...standing(graph, b.id)]);
        graph.decide(merge, a.id);
        expect(graph.personOf(b.keys[0]!)).toBe(a.id);
        expect(graph.personOf(a.keys[0]!)).toBe(a.id);
        // As the audit entry of the merge tells it.
        graph.withdraw(merge, new Map(b.keys.map((key) => [key, { from: b.id, to: a.id }])));
        expect(ids(graph)).toEqual(before);
        expect(graph.view()).toEqual(view);
      }),
      runs,
    );
  });

  test("given any merge by hand, when it is split again, then both sides are as before", () => {
    fc.assert(
      fc.property(story, fc.nat(), fc.nat(), (sayings, one, other) => {
        const graph = new MemoryGraph(index);
        graph.resolve(observations(sayings));
        const persons = graph.groups();
        const [a, b] = [persons[one % persons.length]!, persons[other % persons.length]!];
        fc.pre(a.id !== b.id);
        const before = graph.view();
        const sides = [standing(graph, a.id), standing(graph, b.id)] as const;
        graph.decide(decision("MUST_LINK", sides.flat()), a.id);
        graph.decide(decision("CANNOT_LINK", [...sides[1]], [...sides[0]]), a.id);
        expect(graph.view()).toEqual(before);
        expect(a.keys.map((key) => graph.personOf(key))).toContain(a.id);
      }),
      runs,
    );
  });

  test("given a split, when anything that was seen is replayed and anything new is seen, then it holds", () => {
    fc.assert(
      fc.property(story, story, fc.nat(), fc.nat(), (sayings, later, who, which) => {
        const graph = new MemoryGraph(index);
        const all = observations(sayings);
        graph.resolve(all);
        const several = graph.groups().filter(({ keys }) => keys.length > 1);
        fc.pre(several.length > 0);
        const person = several[who % several.length]!;
        const left = person.keys[which % person.keys.length]!;
        const right = person.keys.filter((key) => key !== left);
        graph.decide(decision("CANNOT_LINK", [left], right), person.id);
        graph.resolve(all);
        for (const observation of observations(later, 100)) graph.resolve([observation]);
        for (const key of right) expect(graph.personOf(key)).not.toBe(graph.personOf(left));
      }),
      runs,
    );
  });

  test("given any story without aliases, when it is resolved, then no person has two values of an exclusive namespace", () => {
    fc.assert(
      fc.property(story, (sayings) => {
        const graph = new MemoryGraph(index);
        graph.resolve(observations(sayings));
        for (const { keys } of graph.groups()) {
          for (const namespace of ["user_id", "crm_contact_id"]) {
            expect(keys.filter((key) => key.startsWith(`${namespace}:`)).length).toBeLessThan(2);
          }
        }
      }),
      runs,
    );
  });

  test("given a device, when known persons share it in any order, then it is with who used it first and joins none", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 2 }), (seconds) => {
        const graph = new MemoryGraph(index);
        const sayings = seconds.map((second) => ({
          at: `2026-01-01T00:00:0${second}.000Z`,
          ids: { email: `v${second}@x.org`, anonymous_id: "shared" },
        }));
        for (const observation of observations(sayings)) graph.resolve([observation]);
        expect(graph.groups()).toHaveLength(seconds.length);
        const first = Math.min(...seconds);
        expect(graph.personOf("anonymous_id:shared")).toBe(graph.personOf(`email:v${first}@x.org`));
      }),
      runs,
    );
  });

  test("given a chain of 50 merges, when any old id is followed, then the survivor is one hop away", () => {
    const graph = new MemoryGraph(index);
    const users = Array.from({ length: 51 }, (_, n) => ({ ids: { user_id: `u${n}` } }));
    graph.resolve(observations(users));
    const first = graph.groups().map(({ id }) => id);
    for (let n = 1; n < users.length; n += 1) {
      const keys = graph.groups().flatMap((group) => group.keys);
      const known = keys.filter((key) => Number(key.slice("user_id:u".length)) <= n);
      graph.decide(decision("MUST_LINK", known), graph.personOf(`user_id:u${n}`));
    }
    expect(graph.groups()).toHaveLength(1);
    const survivor = graph.personOf("user_id:u0");
    for (const id of first) expect(graph.leadsTo(id)).toBe(survivor);
  });
});
