import type { BlockIndex } from "../blocking/block-index.ts";
import type { RecordTable } from "../encoding/record-table.ts";
import { comparatorOf, groupOf } from "../fields/field-kind.ts";
import { type EmResult, maximiseExpectation } from "./expectation-maximisation.ts";
import type { CodeReader, PairCodes } from "./pair-codes.ts";
import { type PairSpace, rulePairs } from "./pair-samples.ts";

const SESSION_PAIRS_MAX = 10_000;
const SESSION_PAIRS_MIN = 20;
/** A rule whose pairs are nearly all different tells little about matches. */
const MATCH_SHARE_MIN = 0.05;

/** Atoms that name a person. Rules without one bring households together, which EM would take for persons. */
const PERSONAL_ATOMS = new Set([
  "given",
  "givenKey",
  "givenSound",
  "bothSorted",
  "soundsSorted",
  "day",
  "monthDay",
  "identifier",
  "organisation",
]);

/** The pairs of one blocking rule, and the fields it leaves free to be learned from them. */
export interface RuleSample {
  readonly fields: readonly number[];
  readonly pairs: PairCodes;
  readonly isPersonal: boolean;
  /** Pairs the rule has in all. */
  readonly seen: number;
}

/** Fields that share nothing with the rule: agreement inside a block is no news for the rest. */
function freeFields(table: RecordTable, blocks: BlockIndex, rule: number): number[] {
  const kinds = table.schema.fields.map((plan) => plan.kind);
  const blockedGroups = new Set(
    blocks.rules[rule]!.parts.map(({ field }) => groupOf(kinds[field]!)),
  );
  const blockedFields = new Set(blocks.rules[rule]!.parts.map(({ field }) => field));
  return kinds.flatMap((kind, field) => {
    const group = groupOf(kind);
    const isBound =
      group === "other" || group === "contact"
        ? blockedFields.has(field)
        : blockedGroups.has(group);
    return isBound ? [] : [field];
  });
}

/** Samples each rule once; the sessions of every round learn from the same pairs. */
export function sampleRules(
  table: RecordTable,
  blocks: BlockIndex,
  space: PairSpace,
  reader: CodeReader,
  random: () => number,
): RuleSample[] {
  return blocks.rules.flatMap((_, rule) => {
    const fields = freeFields(table, blocks, rule);
    if (fields.length < 2) return [];
    const { lefts, rights, seen } = rulePairs(blocks, space, rule, SESSION_PAIRS_MAX, random);
    if (lefts.length < SESSION_PAIRS_MIN) return [];
    const isPersonal = blocks.rules[rule]!.parts.some(({ atom }) => PERSONAL_ATOMS.has(atom));
    return [{ fields, pairs: reader.read(lefts, rights, lefts.length), isPersonal, seen }];
  });
}

interface Session {
  readonly sample: RuleSample;
  readonly result: EmResult;
}

/** One EM session a rule, and m averaged over them, each session counting as its certain matches do. */
export function learnM(
  table: RecordTable,
  samples: readonly RuleSample[],
  u: readonly (readonly number[])[],
  startM: readonly (readonly number[])[],
): number[][] {
  const kinds = table.schema.fields.map((plan) => plan.kind);
  const sessions = samples.map((sample): Session => {
    const { pairs, fields } = sample;
    return { sample, result: maximiseExpectation({ kinds, pairs, fields, u, startM }) };
  });
  return kinds.map((kind, field) => {
    const telling = sessions.filter(
      ({ sample, result }) => sample.fields.includes(field) && result.matchShare >= MATCH_SHARE_MIN,
    );
    const personal = telling.filter(({ sample }) => sample.isPersonal);
    return averageM(
      personal.length > 0 ? personal : telling,
      field,
      comparatorOf(kind).expectedAmongMatches,
    );
  });
}

function averageM(
  sessions: readonly Session[],
  field: number,
  expected: readonly number[],
): number[] {
  const sums = new Float64Array(expected.length);
  let strength = 0;
  for (const { sample, result } of sessions) {
    const weight = Math.sqrt(sample.seen * result.matchShare) * result.matchShare;
    strength += weight;
    result.m[field]!.forEach((share, cell) => {
      sums[cell]! += share * weight;
    });
  }
  return strength === 0 ? [...expected] : Array.from(sums, (sum) => sum / strength);
}
