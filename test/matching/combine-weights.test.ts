import { expect, test } from "@jest/globals";
import type { FieldKind } from "../../subgraphs/identity/domain/matching/fields/field-kind.ts";
import type { RecordSchema } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import {
  personalWords,
  rivalWeigher,
  weightAdjustment,
} from "../../subgraphs/identity/domain/matching/scoring/combine-weights.ts";

const kinds: FieldKind[] = ["name", "email", "phone", "street"];
const hints = { isDayFirst: true };
const schema: RecordSchema = {
  nameColumns: { full: [], given: [], middle: [], surname: [], generation: [] },
  fields: kinds.map((kind) => ({ name: kind, kind, columns: [kind], hints })),
};
const [email, phone, street] = [1, 2, 3] as const;

function keptOf(weights: readonly number[]): Float64Array {
  const kept = new Float64Array(kinds.length);
  rivalWeigher(schema, 1 / 40)(Float64Array.from(weights), 8, kept);
  return kept;
}

test("given what all relatives share, when it differs as when it agrees, then it tells no person from his relatives", () => {
  expect(keptOf([18, 17, 17, 12])[street]).toBeCloseTo(0);
  expect(keptOf([18, 17, 17, -5])[street]).toBeCloseTo(0);
});

test("given what some relatives share, when it agrees, then it counts little, and when it differs, then less than among strangers", () => {
  const [alike, apart] = [keptOf([18, 17, 17, 0]), keptOf([18, -4, -4, 0])];
  expect(alike[email]).toBeCloseTo(2.6, 1);
  expect(alike[phone]).toBeCloseTo(0.6, 1);
  expect(apart[email]).toBeLessThan(-3);
  expect(apart[email]).toBeGreaterThan(-4);
  expect(apart[phone]).toBeGreaterThan(-4);
  expect(apart[phone]).toBeLessThan(-2);
});

test("given one name, e-mail and phone, when the address is another one, then a move is likelier than a namesake relative", () => {
  const total = (weights: number[]) => {
    const adjusted = Float64Array.from(weights);
    weightAdjustment({ schema, kinShare: 2 ** -12.5, twinShare: 1 / 40 })(adjusted, 8);
    return adjusted.reduce((sum, bits) => sum + bits, -13.6);
  };
  expect(total([18, 17, 17, -5])).toBeGreaterThan(5);
  expect(total([18, 17, 17, -5])).toBeCloseTo(total([18, 17, 17, 12]), 1);
});

test("given an initial or a nickname, then it speaks neither for nor against a person, and a surname alone neither", () => {
  const words = (weights: number[], isGivenAlike: boolean) =>
    personalWords(schema, weights, 8, isGivenAlike)[0];
  expect(words([18, 0, 0, 0], true)).toBe("FOR");
  expect(words([12, 0, 0, 0], false)).toBe("NOTHING");
  expect(words([8, 0, 0, 0], false)).toBe("NOTHING");
  expect(words([3, 0, 0, 0], false)).toBe("AGAINST");
});
