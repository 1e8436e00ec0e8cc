import { expect, test } from "@jest/globals";
import { seededRandom } from "../../subgraphs/identity/domain/matching/encoding/seeded-random.ts";
import {
  comparatorOf,
  type FieldKind,
} from "../../subgraphs/identity/domain/matching/fields/field-kind.ts";
import { calibrate } from "../../subgraphs/identity/domain/matching/training/calibrate.ts";
import { estimatePrior } from "../../subgraphs/identity/domain/matching/training/estimate-prior.ts";
import { maximiseExpectation } from "../../subgraphs/identity/domain/matching/training/expectation-maximisation.ts";

const kinds: FieldKind[] = ["gender", "identifier", "place", "category"];
const trueM = [
  [0.93, 0.07],
  [0.7, 0.2, 0.1],
  [0.6, 0.2, 0.05, 0.15],
  [0.8, 0.05, 0.15],
];
const trueU = [
  [0.5, 0.5],
  [0.01, 0.02, 0.97],
  [0.05, 0.02, 0.03, 0.9],
  [0.2, 0.05, 0.75],
];

function draw(random: () => number, shares: readonly number[]): number {
  let rest = random();
  const at = shares.findIndex((share) => (rest -= share) < 0);
  return at < 0 ? shares.length - 1 : at;
}

test("given pairs simulated with known m and share, when EM runs, then it recovers them", () => {
  const random = seededRandom(11);
  const pairCount = 40_000;
  const codes = new Uint8Array(pairCount * kinds.length);
  for (let pair = 0; pair < pairCount; pair++) {
    const source = random() < 0.25 ? trueM : trueU;
    kinds.forEach((_, field) => {
      codes[pair * kinds.length + field] = draw(random, source[field]!);
    });
  }
  const result = maximiseExpectation({
    kinds,
    pairs: { codes, pairCount, fieldCount: kinds.length },
    fields: [0, 1, 2, 3],
    u: trueU,
    startM: kinds.map((kind) => comparatorOf(kind).expectedAmongMatches),
  });
  expect(result.matchShare).toBeCloseTo(0.25, 1);
  trueM.forEach((shares, field) => {
    shares.forEach((share, cell) => {
      expect(Math.abs(result.m[field]![cell]! - share)).toBeLessThan(0.025);
    });
  });
});

test("given weights of candidates, when the prior is estimated, then it is their share of all pairs", () => {
  const random = seededRandom(3);
  const weights = Float64Array.from(
    { length: 20_000 },
    () => (random() < 0.1 ? 30 : -5) + random(),
  );
  const prior = estimatePrior({ weights, pairsPerSample: 2 }, 1_000_000_000, 1e-5);
  expect((prior * 1_000_000_000) / 4_000).toBeCloseTo(1, 1);
});

test("given outcomes half as sure as the weights claim, when calibrated, then the slope is one half", () => {
  const random = seededRandom(5);
  const weights = Float64Array.from({ length: 50_000 }, () => random() * 24 - 12);
  const outcomes = weights.map((weight) => (random() < 1 / (1 + 2 ** -(0.5 * weight)) ? 1 : 0));
  const { slope, offset } = calibrate(weights, outcomes);
  expect(slope).toBeCloseTo(0.5, 1);
  expect(Math.abs(offset)).toBeLessThan(0.1);
});

test("given outcomes that know no doubt, when calibrated, then the slope is not above one", () => {
  expect(calibrate([-9, -5, 5, 9], [false, false, true, true]).slope).toBeLessThanOrEqual(1);
});
