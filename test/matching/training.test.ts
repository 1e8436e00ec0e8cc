import { describe, expect, test } from "@jest/globals";
import { seededRandom } from "../../subgraphs/identity/domain/matching/encoding/seeded-random.ts";
import {
  comparatorOf,
  type FieldKind,
} from "../../subgraphs/identity/domain/matching/fields/field-kind.ts";
import type { RecordSchema } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import { calibrate } from "../../subgraphs/identity/domain/matching/training/calibrate.ts";
import {
  anotherNameShareMax,
  twinShareOf,
} from "../../subgraphs/identity/domain/matching/training/estimate-kin.ts";
import { maximiseExpectation } from "../../subgraphs/identity/domain/matching/training/expectation-maximisation.ts";
import {
  NO_CODE,
  type PairEvidence,
} from "../../subgraphs/identity/domain/matching/training/pair-evidence.ts";

const kinds: FieldKind[] = ["gender", "identifier", "place", "category", "date"];
const hints = { isDayFirst: true };
const schema: RecordSchema = {
  nameColumns: { full: [], given: [], middle: [], surname: [], generation: [] },
  fields: kinds.map((kind) => ({ name: kind, kind, columns: [kind], hints })),
};
const trueM = [
  [0.93, 0.07],
  [0.7, 0.2, 0.1],
  [0.6, 0.2, 0.05, 0.15],
  [0.8, 0.05, 0.15],
  [0.7, 0.05, 0.05, 0.02, 0.03, 0.02, 0.03, 0.05, 0.02, 0.03],
];
const trueU = [
  [0.5, 0.5],
  [0.01, 0.02, 0.97],
  [0.05, 0.02, 0.03, 0.9],
  [0.2, 0.05, 0.75],
  [0.001, 0.001, 0.002, 0.004, 0.004, 0.004, 0.014, 0.06, 0.2, 0.71],
];

function draw(random: () => number, shares: readonly number[]): number {
  let rest = random();
  const at = shares.findIndex((share) => (rest -= share) < 0);
  return at < 0 ? shares.length - 1 : at;
}

interface Drawn {
  readonly codes: number[];
  readonly isMatch: boolean;
}

/** Pairs drawn from the true shares; so many of them are of one person. */
function drawPairs(random: () => number, pairCount: number, matchShare: number): Drawn[] {
  return Array.from({ length: pairCount }, () => {
    const isMatch = random() < matchShare;
    return { isMatch, codes: (isMatch ? trueM : trueU).map((shares) => draw(random, shares)) };
  });
}

function evidenceOf(pairs: readonly Drawn[]): PairEvidence {
  const [pairCount, fieldCount] = [pairs.length, kinds.length];
  return {
    codes: Uint8Array.from(pairs.flatMap(({ codes }) => codes)),
    rarity: new Float32Array(pairCount * fieldCount),
    surnameCodes: new Uint8Array(pairCount).fill(NO_CODE),
    surnameRarity: new Float32Array(pairCount),
    pairCount,
    fieldCount,
  };
}

describe("expectation maximisation", () => {
  const random = seededRandom(11);
  const matchShare = 0.02;
  const all = drawPairs(random, 400_000, matchShare);
  const [identifier, date] = [kinds.indexOf("identifier"), kinds.indexOf("date")];
  const sameDate = all.filter(({ codes }) => codes[date] === 0);
  const sameIdentifier = all.filter(({ codes }) => codes[identifier] === 0);
  const candidates = [...new Set([...sameDate, ...sameIdentifier])];
  const block = (pairs: Drawn[], field: number) => ({
    fields: kinds.flatMap((_, at) => (at === field ? [] : [at])),
    pairs: evidenceOf(pairs),
    isAlone: false,
    seen: pairs.length,
  });
  const learned = maximiseExpectation(
    schema,
    {
      blocks: [block(sameDate, date), block(sameIdentifier, identifier)],
      candidates: evidenceOf(candidates),
      pairsPerSample: 1,
      random: evidenceOf(drawPairs(random, 200_000, matchShare)),
      pairCount: all.length,
      kinShareLeast: 1e-9,
    },
    {
      m: kinds.map((kind) => comparatorOf(kind).expectedAmongMatches),
      prior: 1e-4,
      kinShare: 1e-9,
      twinShare: 1 / 40,
    },
  );

  test("given pairs simulated with known m, when it runs without a label, then it recovers m", () => {
    trueM.forEach((shares, field) => {
      shares.forEach((share, cell) => {
        expect(Math.abs(learned.m[field]![cell]! - share)).toBeLessThan(0.03);
      });
    });
  });

  test("given matches among the random pairs, when u is learned, then they are left out of it", () => {
    trueU.forEach((shares, field) => {
      shares.forEach((share, cell) => {
        expect(Math.abs(learned.u[field]![cell]! - share)).toBeLessThan(0.01);
      });
    });
    // One random pair in fifty is a match, most of them of one birth date: not freed of them it would be .015.
    expect(learned.u[date]![0]!).toBeLessThan(0.005);
  });

  test("given candidates, then the prior is the share of all pairs that they show to be matches", () => {
    const matches = candidates.filter(({ isMatch }) => isMatch).length;
    expect((learned.prior * all.length) / matches).toBeCloseTo(1, 1);
  });
});

describe("households", () => {
  test("given few relatives and many birth dates with two given names, then those are wrong names", () => {
    const count = { apart: 2, twins: 200, bornTogether: 1_000 };
    expect(twinShareOf(count)).toBeLessThan(0.03);
    expect(anotherNameShareMax(count)).toBe(1);
  });

  test("given many relatives and some twins, then two known given names are two persons", () => {
    const count = { apart: 1_000, twins: 60, bornTogether: 1_000 };
    expect(twinShareOf(count)).toBeGreaterThan(0.05);
    expect(anotherNameShareMax(count)).toBeLessThan(0.02);
  });

  test("given no relatives at all, then general knowledge stands", () => {
    expect(twinShareOf({ apart: 0, twins: 0, bornTogether: 0 })).toBeCloseTo(1 / 40, 6);
  });
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
