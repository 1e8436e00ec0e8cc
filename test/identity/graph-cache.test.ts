import { expect, test } from "@jest/globals";
import { GraphCache, SeenRows } from "../../subgraphs/identity/store/graph-cache.ts";
import { type GraphChanges, noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import { auditOf, identifier, person, tie } from "./store-rows.ts";

const old = person();
const survivor = person();
const known = identifier("user_id", old.id);
const other = identifier("user_id", survivor.id);

function cacheOf(rows: Partial<GraphChanges>): GraphCache {
  const cache = new GraphCache();
  const seen = new SeenRows();
  seen.note(rows);
  cache.begin("one");
  cache.commit("two", seen);
  return cache;
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
  },
);

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
    merges: [{ from: old.id, to: survivor.id, createdAt: old.createdAt }],
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
