import { expect, test } from "@jest/globals";
import type { PersonalWord } from "../../subgraphs/identity/domain/matching/scoring/combine-weights.ts";
import { actingPairs } from "../../subgraphs/identity/domain/records/acting-pairs.ts";
import type { ScoredPair } from "../../subgraphs/identity/domain/records/scored-pair.ts";

const [first, between, last] = [1, 2, 3] as const;

/** What given name and birth date say of a pair. */
type Said = readonly [PersonalWord, PersonalWord];

/** Who is joined of three records: the first and the last contradict each other, the one between neither. */
function joined(said: { begin: Said; end: Said; across: Said }): string[] {
  const pair = (left: number, right: number, fields: Said): ScoredPair => ({
    ...{ left, right, weight: 9, probability: 0.995 },
    contradicted: fields.includes("AGAINST"),
  });
  const pairs = [
    pair(first, between, said.begin),
    pair(between, last, said.end),
    pair(first, last, said.across),
  ];
  const wordsOf = ({ left, right }: ScoredPair) =>
    right === between ? said.begin : left === between ? said.end : said.across;
  return [...actingPairs(pairs, 0.9, wordsOf).keys()].map(({ left, right }) => `${left}-${right}`);
}

test("given a name misspelt twice, when both are like a third record's, then the three are one", () => {
  const across = ["AGAINST", "FOR"] as const;
  expect(joined({ begin: ["FOR", "FOR"], end: ["FOR", "FOR"], across })).toEqual(["1-2", "2-3"]);
});

test("given two twins, when a third record tells no name, then it joins one and brings nobody in", () => {
  const across = ["AGAINST", "FOR"] as const;
  const silent = ["NOTHING", "FOR"] as const;
  expect(joined({ begin: silent, end: silent, across })).toHaveLength(1);
});

test("given father and son of one name, when a third record tells no birth date, then it joins one and brings nobody in", () => {
  const across = ["FOR", "AGAINST"] as const;
  const silent = ["FOR", "NOTHING"] as const;
  expect(joined({ begin: silent, end: silent, across })).toHaveLength(1);
});
