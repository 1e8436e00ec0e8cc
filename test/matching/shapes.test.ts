import { expect, test } from "@jest/globals";
import { SHAPES } from "../../bench/identity/made-up/shape-catalogue.ts";
import { JUDGE_COLUMNS, rowsOfShape } from "../../bench/identity/made-up/shapes.ts";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import { matchRows } from "./match-sample.ts";

const PEOPLE_MAX = 120;
/** What cannot be told apart from so little: recall may be low there, precision may not. */
const RECALL_MIN = new Map([
  ["English, half of it missing", 0.75],
  ["English, e-mail only", 0.5],
  ["English, name and city only", 0.4],
  ["English, everybody the same person", 0.85],
]);
const PRECISION_MIN = new Map([
  ["English, name and city only", 0.9],
  ["English, households, twins, father and son", 0.9],
]);

test.each(SHAPES.map((shape) => [shape.name, shape] as const))(
  "given a file of another shape (%s), when matched, then joins are right and few are missed",
  (name, shape) => {
    const people = Math.min(PEOPLE_MAX, shape.people ?? PEOPLE_MAX);
    const rows = rowsOfShape({ ...shape, people });
    const settings = shape.isLinked === true ? { isLinked: true, isOneToOne: true } : {};
    const { result } = matchRows(rows, JUDGE_COLUMNS, settings, ({ origin }) =>
      origin === "left" ? 0 : 1,
    );
    const quality = evaluatePartition(
      result.clusters,
      rows.map(({ truth }) => truth),
    );
    if (quality.foundPairs > 0)
      expect(quality.precision).toBeGreaterThanOrEqual(PRECISION_MIN.get(name) ?? 0.95);
    expect(quality.recall).toBeGreaterThanOrEqual(RECALL_MIN.get(name) ?? 0.95);
  },
  60_000,
);
