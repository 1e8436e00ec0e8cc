import { expect, test } from "@jest/globals";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import {
  bandOf,
  probabilityOf,
} from "../../subgraphs/identity/domain/matching/scoring/match-band.ts";
import { TableScorer } from "../../subgraphs/identity/domain/matching/scoring/table-scorer.ts";
import { clearFiles, treacherousFiles } from "./judged-files.ts";
import { matchRows, type SampleRun } from "./match-sample.ts";

test.each(clearFiles().map((file) => [file.name, file] as const))(
  "given a file that tells enough (%s), when matched, then F1 is at least 0.998",
  (_, { rows, hidden, truth }) => {
    const { result } = matchRows(rows, hidden);
    expect(evaluatePartition(result.clusters, truth).f1).toBeGreaterThanOrEqual(0.998);
  },
  120_000,
);

test.each(treacherousFiles().map((file) => [file.name, file] as const))(
  "given a file that invites mistakes (%s), when matched, then no false pair is HIGH",
  (_, { rows, hidden, truth }) => {
    const high = highPairs(matchRows(rows, hidden));
    expect(high.length).toBeGreaterThan(30);
    expect(high.filter(([left, right]) => truth[left] !== truth[right])).toEqual([]);
  },
  120_000,
);

function highPairs({ table, result }: SampleRun): (readonly [left: number, right: number])[] {
  const { pairs, model } = result;
  const scorer = new TableScorer(model, table);
  return Array.from(
    { length: pairs.pairCount },
    (_, at) => [pairs.lefts[at]!, pairs.rights[at]!] as const,
  ).filter(([left, right], at) => {
    const probability = probabilityOf(pairs.weights[at]!, model.calibration);
    return bandOf(probability, scorer.contradicts(left, right)) === "HIGH";
  });
}
