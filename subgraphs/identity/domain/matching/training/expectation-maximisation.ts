import { comparatorOf, type FieldKind } from "../fields/field-kind.ts";
import { codeWeight } from "../scoring/field-weight.ts";
import { countCells, smoothed } from "./level-counts.ts";
import { NO_CODE, type PairCodes } from "./pair-codes.ts";

/** One EM run over the pairs of one blocking rule. */
export interface EmSession {
  readonly kinds: readonly FieldKind[];
  readonly pairs: PairCodes;
  /** Fields that take part; those the rule blocks on, and their kin, stay out. */
  readonly fields: readonly number[];
  /** P(level | different persons) by field, kept fixed. */
  readonly u: readonly (readonly number[])[];
  readonly startM: readonly (readonly number[])[];
}

export interface EmResult {
  readonly m: readonly (readonly number[])[];
  /** Share of the pairs that are matches. */
  readonly matchShare: number;
  /** P(match) by pair. */
  readonly shares: Float64Array;
}

const ITERATIONS_MAX = 25;
const CONVERGED_AT = 1e-4;
const EXPECTATION_STRENGTH = 12;

/** General knowledge counts as so many observed matches. */
export function expectationStrength(kind: FieldKind): number {
  return comparatorOf(kind).expectationStrength ?? EXPECTATION_STRENGTH;
}

function expectShares(
  session: EmSession,
  weights: number[][],
  matchShare: number,
  shares: Float64Array,
): number {
  const { codes, pairCount, fieldCount } = session.pairs;
  const priorBits = Math.log2(matchShare / (1 - matchShare));
  let total = 0;
  for (let pair = 0; pair < pairCount; pair++) {
    let bits = priorBits;
    for (const field of session.fields) {
      const code = codes[pair * fieldCount + field]!;
      if (code !== NO_CODE) bits += weights[field]![code]!;
    }
    shares[pair] = 1 / (1 + 2 ** -bits);
    total += shares[pair]!;
  }
  return total / pairCount;
}

/** m and the share of matches by expectation maximisation, u fixed, general knowledge as the first guess. */
export function maximiseExpectation(session: EmSession): EmResult {
  let m = session.startM.map((shares) => [...shares]);
  let matchShare = 0.3;
  const shares = new Float64Array(session.pairs.pairCount);
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    const weights = session.kinds.map((kind, field) =>
      codeWeights(kind, m[field]!, session.u[field]!),
    );
    const found = expectShares(session, weights, matchShare, shares);
    const change = Math.abs(found - matchShare);
    matchShare = Math.min(0.9999, Math.max(1e-6, found));
    m = session.kinds.map((kind, field) =>
      session.fields.includes(field)
        ? smoothed(
            countCells(kind, field, session.pairs, shares),
            comparatorOf(kind).expectedAmongMatches,
            expectationStrength(kind),
          )
        : m[field]!,
    );
    if (change < CONVERGED_AT && iteration > 3) break;
  }
  return { m, matchShare, shares };
}

/** log2(m / u) by code of a kind. */
export function codeWeights(kind: FieldKind, m: readonly number[], u: readonly number[]): number[] {
  const comparator = comparatorOf(kind);
  return comparator.levels.map((_, code) => codeWeight(comparator, m, u, code));
}
