import { limitAnotherNames } from "../fields/name-codes.ts";
import { comparatorOf } from "../fields/field-kind.ts";
import type { RecordSchema } from "../schema/record-schema.ts";
import { classShares, type Supposition, sumOf } from "./class-shares.ts";
import { codeWeights } from "./code-weights.ts";
import { countColleagues, knowsWorkplaces } from "./estimate-colleagues.ts";
import { anotherNameShareMax, countKin, KIN_SHARE_MAX, twinShareOf } from "./estimate-kin.ts";
import { estimateU } from "./estimate-u.ts";
import { countCells, smoothed } from "./level-counts.ts";
import type { PairEvidence } from "./pair-evidence.ts";
import type { RuleSample } from "./rule-samples.ts";

/** General knowledge counts as so many observed matches, where a kind of field does not say otherwise. */
const EXPECTATION_STRENGTH = 12;
/** A block whose pairs are nearly all different tells little about matches. */
const MATCH_SHARE_MIN = 0.05;
/**
 * Where one thing alone is left to learn, it would itself decide which pairs are matches, and learn from that (people
 * of one common name, whose birth dates are then "errors"): only a block that is nearly all matches tells of it.
 */
const MATCH_SHARE_MIN_ALONE = 0.9;
/** Eight rounds settled every file measured to three digits. */
const ROUNDS_MAX = 20;
const CONVERGED_AT = 1e-3;
const PRIOR_MAX = 0.5;

/** Pairs to learn from; the same in every round. */
export interface TrainingPairs {
  /** The pairs of each blocking rule. */
  readonly blocks: readonly RuleSample[];
  /** A fair sample of the pairs of all rules. */
  readonly candidates: PairEvidence;
  /** Candidate pairs that each sampled one stands for. */
  readonly pairsPerSample: number;
  /** Pairs drawn from the whole file. */
  readonly random: PairEvidence;
  /** Pairs that may be of one person at all. */
  readonly pairCount: number;
  /** The share of kin that no file is without. */
  readonly kinShareLeast: number;
}

/** What is learned of a file; m and u by field and cell. */
export interface Parameters {
  readonly m: readonly (readonly number[])[];
  readonly u: readonly (readonly number[])[];
  /** Shares of all pairs that are of one person, of two of one household. */
  readonly prior: number;
  readonly kinShare: number;
  /** Share of the pairs of one household who have one birth date. */
  readonly twinShare: number;
  /** Share of all pairs that are of two persons of one workplace; 0 where nothing tells of workplaces. */
  readonly colleagueShare: number;
}

/**
 * Expectation maximisation over four classes of pairs: one person, two of one household, two of one workplace, two
 * strangers. No pair is ever labelled; general knowledge is only the first guess and what few pairs are smoothed with.
 *
 * Expectation: every field, rarity included, says how much of a pair belongs to each class.
 * Maximisation: prior, kin and twins from the candidates; m block by block, from the fields the rule of the block
 * leaves free, blocks averaged; u from random pairs, freed of what is of one person.
 */
export function maximiseExpectation(
  schema: RecordSchema,
  pairs: TrainingPairs,
  beginning: Omit<Parameters, "u" | "colleagueShare">,
): Parameters {
  const start = { ...beginning, colleagueShare: 0 };
  const known = schema.fields.map(({ kind }) => comparatorOf(kind).expectedAmongDifferent);
  const guess = suppose(schema, { ...start, u: known });
  // In a file full of duplicates many random pairs are matches: general knowledge tells them first.
  const knownMatches = classShares(guess, pairs.random).match;
  let current: Parameters = { ...start, u: uOf(schema, pairs, knownMatches) };
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = learnOnce(schema, pairs, current, knownMatches, round === 0);
    const isSettled = round > 0 && isNear(current, next);
    current = next;
    if (isSettled) break;
  }
  return current;
}

function suppose(schema: RecordSchema, { m, u, ...shares }: Parameters): Supposition {
  const weights = schema.fields.map(({ kind }, field) => codeWeights(kind, m[field]!, u[field]!));
  return { schema, weights, ...shares };
}

const isClose = (one: number, other: number) => Math.abs(one - other) <= one * CONVERGED_AT;

const isNear = (one: Parameters, other: Parameters) =>
  isClose(one.prior, other.prior) &&
  isClose(one.kinShare, other.kinShare) &&
  isClose(one.twinShare, other.twinShare);

/** One round; `isFirst` keeps m as it is until the shares of the classes are roughly known. */
function learnOnce(
  schema: RecordSchema,
  pairs: TrainingPairs,
  current: Parameters,
  knownMatches: Float64Array,
  isFirst: boolean,
): Parameters {
  const supposition = suppose(schema, current);
  const shares = classShares(supposition, pairs.candidates);
  const kin = countKin(supposition, pairs.candidates, shares);
  const scale = pairs.pairsPerSample / Math.max(1, pairs.pairCount);
  const priorMin = 1 / Math.max(1, pairs.pairCount);
  const matches = classShares(supposition, pairs.random).match;
  return {
    m: isFirst ? current.m : learnM(supposition, pairs.blocks, anotherNameShareMax(kin)),
    u: uOf(
      schema,
      pairs,
      matches.map((share, pair) => Math.max(share, knownMatches[pair]!)),
    ),
    prior: Math.min(PRIOR_MAX, Math.max(priorMin, sumOf(shares.match) * scale)),
    kinShare: Math.min(KIN_SHARE_MAX, pairs.kinShareLeast + kin.apart * scale),
    twinShare: twinShareOf(kin),
    colleagueShare: knowsWorkplaces(schema)
      ? Math.min(
          KIN_SHARE_MAX,
          pairs.kinShareLeast + countColleagues(supposition, pairs.candidates) * scale,
        )
      : 0,
  };
}

function uOf(schema: RecordSchema, { random }: TrainingPairs, matches: Float64Array): number[][] {
  const different = matches.map((share) => 1 - share);
  return estimateU(schema, random, different);
}

/** m averaged over the blocks, each counting as its certain matches do; general knowledge where no block tells. */
function learnM(
  supposition: Supposition,
  blocks: readonly RuleSample[],
  anotherNameShare: number,
): number[][] {
  const { fields } = supposition.schema;
  const expected = fields.map(({ kind }) => comparatorOf(kind).expectedAmongMatches);
  const sums = expected.map((cells) => cells.map(() => 0));
  const strengths = fields.map(() => 0);
  for (const block of blocks) {
    const { match } = classShares(supposition, block.pairs);
    const matchShare = sumOf(match) / block.pairs.pairCount;
    if (matchShare < (block.isAlone ? MATCH_SHARE_MIN_ALONE : MATCH_SHARE_MIN)) continue;
    const strength = Math.sqrt(block.seen * matchShare) * matchShare;
    for (const field of block.fields) {
      const { kind } = fields[field]!;
      const trust = comparatorOf(kind).expectationStrength ?? EXPECTATION_STRENGTH;
      const counts = countCells(kind, field, block.pairs, match);
      smoothed(counts, expected[field]!, trust).forEach((share, cell) => {
        sums[field]![cell]! += share * strength;
      });
      strengths[field]! += strength;
    }
  }
  return fields.map(({ kind }, field) => {
    if (strengths[field] === 0) return [...expected[field]!];
    const m = sums[field]!.map((sum) => sum / strengths[field]!);
    return kind === "name" ? limitAnotherNames(m, anotherNameShare) : m;
  });
}
