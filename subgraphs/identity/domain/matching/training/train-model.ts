import type { BlockIndex } from "../blocking/block-index.ts";
import { seededRandom } from "../encoding/seeded-random.ts";
import type { RecordTable } from "../encoding/record-table.ts";
import { comparatorOf, groupOf } from "../fields/field-kind.ts";
import { MODEL_VERSION, type MatchingModel, NO_CALIBRATION } from "../scoring/matching-model.ts";
import { codeWeights, type EmResult, maximiseExpectation } from "./expectation-maximisation.ts";
import { countCells, smoothed } from "./level-counts.ts";
import { CodeReader, type PairCodes } from "./pair-codes.ts";
import { termFrequencies } from "./term-frequencies.ts";

const RANDOM_PAIRS_MAX = 400_000;
const SESSION_PAIRS_MAX = 30_000;
const SESSION_PAIRS_MIN = 20;

export interface TrainingSettings {
  readonly seed: number;
}

function randomPairs(table: RecordTable, reader: CodeReader, random: () => number): PairCodes {
  const wanted = Math.min(RANDOM_PAIRS_MAX, (table.size * (table.size - 1)) / 2);
  const lefts = new Int32Array(wanted);
  const rights = new Int32Array(wanted);
  for (let pair = 0; pair < wanted; pair++) {
    const left = Math.floor(random() * table.size);
    const right = Math.floor(random() * (table.size - 1));
    lefts[pair] = left;
    rights[pair] = right < left ? right : right + 1;
  }
  return reader.read(lefts, rights, wanted);
}

function estimateU(table: RecordTable, pairs: PairCodes, shares?: Float64Array): number[][] {
  return table.schema.fields.map((plan, field) => {
    const counts = countCells(plan.kind, field, pairs, shares);
    const cells = counts.length;
    return smoothed(counts, Array.from({ length: cells }, () => 1 / cells), 1 * cells * 0.5);
  });
}

interface Session {
  readonly rule: number;
  readonly fields: number[];
  readonly result: EmResult;
  readonly pairCount: number;
}

function sessionFields(table: RecordTable, blocks: BlockIndex, rule: number): number[] {
  const blockedGroups = new Set(
    blocks.rules[rule]!.parts.map(({ field }) => groupOf(table.schema.fields[field]!.kind)),
  );
  return table.schema.fields.flatMap((plan, field) => (blockedGroups.has(groupOf(plan.kind)) ? [] : [field]));
}

function sessionPairs(blocks: BlockIndex, rule: number, reader: CodeReader, random: () => number): PairCodes {
  let seen = 0;
  const lefts: number[] = [];
  const rights: number[] = [];
  blocks.forEachPairOfRule(rule, (left, right) => {
    const at = seen++ < SESSION_PAIRS_MAX ? seen - 1 : Math.floor(random() * seen);
    if (at >= SESSION_PAIRS_MAX) return;
    lefts[at] = left;
    rights[at] = right;
  });
  return reader.read(lefts, rights, lefts.length);
}

function runSessions(
  table: RecordTable,
  blocks: BlockIndex,
  reader: CodeReader,
  u: number[][],
  random: () => number,
): Session[] {
  const kinds = table.schema.fields.map((plan) => plan.kind);
  const startM = kinds.map((kind) => comparatorOf(kind).expectedAmongMatches);
  return blocks.rules.flatMap((_, rule) => {
    const fields = sessionFields(table, blocks, rule);
    const pairs = sessionPairs(blocks, rule, reader, random);
    if (pairs.pairCount < SESSION_PAIRS_MIN || fields.length < 2) return [];
    const result = maximiseExpectation({ kinds, pairs, fields, u, startM });
    return [{ rule, fields, result, pairCount: pairs.pairCount }];
  });
}

/** Averages m over the sessions, each counting as its certain matches do. */
function averageM(table: RecordTable, sessions: Session[]): number[][] {
  return table.schema.fields.map((plan, field) => {
    const expected = comparatorOf(plan.kind).expectedAmongMatches;
    const counts = new Float64Array(expected.length);
    let strength = 0;
    for (const { fields, result, pairCount } of sessions) {
      if (!fields.includes(field) || result.matchShare < 0.05) continue;
      const weight = Math.sqrt(pairCount * result.matchShare) * result.matchShare;
      strength += weight;
      result.m[field]!.forEach((share, cell) => (counts[cell]! += share * weight));
    }
    return strength === 0 ? [...expected] : Array.from(counts, (count) => count / strength);
  });
}

/** Learns a model from the records alone. */
export function trainModel(table: RecordTable, blocks: BlockIndex, settings: TrainingSettings): MatchingModel {
  const random = seededRandom(settings.seed);
  const reader = new CodeReader(table);
  const pairs = randomPairs(table, reader, random);
  const u = estimateU(table, pairs);
  const sessions = runSessions(table, blocks, reader, u, random);
  const m = averageM(table, sessions);
  return {
    version: MODEL_VERSION,
    schema: table.schema,
    fields: table.schema.fields.map((plan, field) => ({
      name: plan.name,
      m: m[field]!,
      u: u[field]!,
      ...termFrequencies(table, field),
      weights: codeWeights(plan.kind, m[field]!, u[field]!),
    })),
    prior: 1 / table.size,
    recordCount: table.size,
    calibration: NO_CALIBRATION,
  };
}
