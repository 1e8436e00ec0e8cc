import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import {
  bucketOf,
  bucketRanges,
  chooseVariation,
  equalWeights,
} from "../../subgraphs/experiments/domain/bucketing.ts";

/** From GrowthBook's SDK test cases (spec 0.8.0, MIT): what every SDK must agree on. */
interface Cases {
  hash: [string, string, number, number | null][];
  getBucketRange: [string, [number, number, number[] | null], [number, number][]][];
  chooseVariation: [string, number, [number, number][], number][];
  getEqualWeights: [number, number[]][];
}

const file = new URL("cases/growthbook-bucketing.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as Cases;
const rounded = (value: number) => Math.round(value * 1e8) / 1e8;

describe("given GrowthBook's own cases, then our buckets are those of its SDKs", () => {
  test.each(cases.hash)(
    "hash of seed %j and value %j, version %d, is %j",
    (seed, value, version, bucket) => {
      expect(bucketOf(seed, value, version)).toBe(bucket);
    },
  );

  test.each(cases.getBucketRange)("ranges: %s", (_, [count, coverage, weights], ranges) => {
    const ours = bucketRanges(count, coverage, weights);
    expect(ours.map(([from, until]) => [rounded(from), rounded(until)])).toEqual(ranges);
  });

  test.each(cases.chooseVariation)("choice: %s", (_, bucket, ranges, index) => {
    expect(chooseVariation(bucket, ranges)).toBe(index);
  });

  test.each(cases.getEqualWeights)("equal weights of %d", (count, weights) => {
    expect(equalWeights(count).map((weight) => Math.floor(weight * 1e8) / 1e8)).toEqual(weights);
  });
});
