import { expect, test } from "@jest/globals";
import { evidenceKey } from "../../subgraphs/identity/domain/evidence.ts";
import { GraphCache, SeenRows, sheetKey } from "../../subgraphs/identity/store/graph-cache.ts";
import { type GraphChanges, noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import { auditOf, identifier, person, tie } from "./store-rows.ts";

const old = person();
const survivor = person();
const known = identifier("user_id", old.id);
const other = identifier("user_id", survivor.id);

/** After units of work that have seen these rows, one after the other. */
function cacheOf(...units: Partial<GraphChanges>[]): GraphCache {
  const cache = new GraphCache();
  units.forEach((rows, place) => {
    const seen = new SeenRows();
    seen.note(rows);
    cache.begin(place);
    cache.commit(place + 1, seen);
  });
  return cache;
}

const merge = { from: old.id, to: survivor.id, createdAt: old.createdAt };

/** More rows of each kind than are kept of units that are long over. */
function crowd(count: number): Partial<GraphChanges> {
  const persons = Array.from({ length: count }, () => person());
  const identifiers = persons.map(({ id }) => identifier("email", id));
  return { persons, identifiers };
}

test.each<[string, Partial<GraphChanges>]>([
  ["its identifier", { identifiers: [known] }],
  ["another identifier of its person", { identifiers: [identifier("email", old.id)] }],
  ["evidence at its identifier", { evidence: [tie(known, identifier("email", null))] }],
  ["facts of its identifier", { sheets: [{ key: known.key, source: "web", facts: {} }] }],
  ["its person", { persons: [old] }],
  ["an entry about its person", { audit: [auditOf([old.id])] }],
  ["a merge, of whomever", { merges: [{ from: "person_a", to: "person_b", createdAt: "" }] }],
])(
  "given a unit of work, when the next one changes %s, then it is not apart from it",
  (_, rows) => {
    const cache = cacheOf({ identifiers: [known], persons: [old] });
    expect(cache.isApart({ ...noChanges, ...rows })).toBe(false);
    // Nor from the last but one: both may be still to commit.
    const later = cacheOf({ identifiers: [known], persons: [old] }, crowd(1));
    expect(later.isApart({ ...noChanges, ...rows })).toBe(false);
  },
);

test("given a unit of work read more than is kept, when the next one asks for what the one before it has left, then it is known", () => {
  const edge = tie(known, other);
  const sheet = { key: known.key, source: "web", facts: {} };
  const left = { identifiers: [known], persons: [old], evidence: [edge], sheets: [sheet] };
  const cache = cacheOf(left, crowd(40_000));
  expect(cache.identifier(known.key)).toEqual(known);
  expect(cache.person(old.id)).toEqual(old);
  expect(cache.evidence(evidenceKey(edge))).toEqual(edge);
  expect(cache.sheet(sheetKey(sheet))).toEqual(sheet);
});

test("given a unit of work merged somebody whom the one before it has seen, when the next one asks, then only the survivor is known", () => {
  const rows = { identifiers: [known, other], persons: [old, survivor] };
  const cache = cacheOf(rows, { persons: [survivor], merges: [merge], ...crowd(40_000) });
  expect(cache.person(old.id)).toBeUndefined();
  expect(cache.identifier(known.key)?.personId).toBe(survivor.id);
  expect(cache.knows(old.id)).toBe(true);
});

test("given a merge was taken back by the unit of work after it, when the next one asks, then both are known", () => {
  const back = { identifiers: [known], persons: [old, survivor] };
  const cache = cacheOf({ persons: [survivor], merges: [merge] }, back);
  expect(cache.person(old.id)).toEqual(old);
  expect(cache.identifier(known.key)).toEqual(known);
});

test("given more merges than are kept, when all is forgotten, then not what the last two units of work have left", () => {
  const many = Array.from({ length: 10_001 }, () => ({ ...merge, from: person().id }));
  const units = [{ merges: many }, { persons: [survivor], merges: [merge] }, crowd(1)];
  const cache = cacheOf(...units);
  expect(cacheOf(...units.slice(0, 2)).knows(many[0]!.from)).toBe(true);
  expect(cache.knows(many[0]!.from)).toBe(false);
  expect(cache.identifier(known.key)).toBeUndefined();
  expect(cache.present(known).personId).toBe(survivor.id);
  expect(cache.person(survivor.id)).toEqual(survivor);
});

test("given a unit of work, when the next one changes what that has not seen, then it is apart from it", () => {
  const cache = cacheOf({ identifiers: [known], persons: [old] });
  const stranger = person();
  const own = identifier("email", stranger.id);
  const changes = {
    identifiers: [own],
    evidence: [tie(own, identifier("phone", null))],
    sheets: [{ key: own.key, source: "web", facts: {} }],
    persons: [stranger],
    audit: [auditOf([stranger.id])],
  };
  expect(cache.isApart({ ...noChanges, ...changes })).toBe(true);
});

test("given somebody was merged, when an identifier of the old id is read elsewhere, then it is the survivor's", () => {
  const cache = cacheOf({
    persons: [survivor],
    identifiers: [other],
    merges: [merge],
  });
  expect(cache.present(known).personId).toBe(survivor.id);
  expect(cache.knows(old.id)).toBe(true);
});

test("given a unit of work began with another version than the last one left, when it asks, then nothing is remembered", () => {
  const cache = cacheOf({ identifiers: [known], persons: [old] });
  expect(cache.identifier(known.key)).toEqual(known);
  cache.begin("three");
  expect(cache.identifier(known.key)).toBeUndefined();
});
