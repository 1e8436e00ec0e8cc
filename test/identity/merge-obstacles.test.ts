import { expect, test } from "@jest/globals";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { indexPolicy } from "../../subgraphs/identity/domain/identity-policy.ts";
import { mergeObstacles } from "../../subgraphs/identity/domain/merge-obstacles.ts";
import type { KnownIdentifier, PersonState } from "../../subgraphs/identity/domain/person-state.ts";

const namespaces = defaultPolicy.namespaces.map((each) =>
  each.name === "crm_lead_id" ? { ...each, limit: 1, limitWithin: "P7D" } : each,
);
const index = indexPolicy({ ...defaultPolicy, namespaces });

/** Each a person with one lead, first seen on that day of January. */
function obstaclesOf(...days: readonly string[]): string[] {
  const persons: PersonState[] = days.map((day, place) => ({
    id: `person_${place}`,
    createdAt: `2026-01-${day}T00:00:00.000Z`,
    record: {},
    size: 1,
    known: true,
    tally: { crm_lead_id: 1 },
    lastRank: "",
    conflicted: false,
    decided: false,
    policyVersion: 1,
  }));
  const members: KnownIdentifier[] = persons.map(({ id, createdAt }, place) => ({
    key: `crm_lead_id:${place}`,
    namespace: "crm_lead_id",
    value: String(place),
    kind: "PERSON",
    personId: id,
    originId: id,
    firstSeenAt: createdAt,
    lastSeenAt: createdAt,
    sources: [],
    seen: true,
    claims: 0,
    generic: false,
  }));
  return mergeObstacles(persons, members, [], index).map(({ constraint }) => constraint);
}

test("given persons with a value each and one a week allowed, when their merge is weighed, then only values seen within a week stand against it", () => {
  expect(obstaclesOf("01", "07")).toEqual(["NAMESPACE_LIMIT"]);
  expect(obstaclesOf("01", "08")).toEqual([]);
  expect(obstaclesOf("01", "08", "20", "26")).toEqual(["NAMESPACE_LIMIT"]);
});
