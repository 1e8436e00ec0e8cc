import type { BlockIndex } from "../blocking/block-index.ts";
import type { RecordTable } from "../encoding/record-table.ts";
import { seededRandom } from "../encoding/seeded-random.ts";
import { comparatorOf } from "../fields/field-kind.ts";
import {
  MODEL_VERSION,
  type MatchingModel,
  NO_CALIBRATION,
  type TermFrequencies,
} from "../scoring/matching-model.ts";
import { codeWeights } from "./code-weights.ts";
import { kinShareLeast, TWIN_SHARE } from "./estimate-kin.ts";
import {
  maximiseExpectation,
  type Parameters,
  type TrainingPairs,
} from "./expectation-maximisation.ts";
import { EvidenceReader } from "./pair-evidence.ts";
import { candidatePairs, type PairSample, type PairSpace, randomPairs } from "./pair-samples.ts";
import { sampleRules } from "./rule-samples.ts";
import { termFrequencies } from "./term-frequencies.ts";

const RANDOM_PAIRS_MAX = 200_000;
const CANDIDATE_SAMPLE_MAX = 40_000;

/** Learns a model from the records alone; the same records and seed give the same model. */
export function trainModel(
  table: RecordTable,
  blocks: BlockIndex,
  space: PairSpace,
  seed: number,
): MatchingModel {
  const { schema, size } = table;
  const terms = schema.fields.map((_, field) => termFrequencies(table, field));
  const pairs = trainingPairs(table, blocks, space, terms, seededRandom(seed));
  const learned = maximiseExpectation(schema, pairs, {
    m: schema.fields.map(({ kind }) => comparatorOf(kind).expectedAmongMatches),
    prior: 1 / size,
    kinShare: pairs.kinShareLeast,
    twinShare: TWIN_SHARE,
  });
  return assemble(table, terms, learned);
}

function trainingPairs(
  table: RecordTable,
  blocks: BlockIndex,
  space: PairSpace,
  terms: readonly TermFrequencies[],
  random: () => number,
): TrainingPairs {
  const reader = new EvidenceReader(table, terms);
  const read = ({ lefts, rights }: PairSample) => reader.read(lefts, rights, lefts.length);
  const fromAll = read(randomPairs(table, RANDOM_PAIRS_MAX, random));
  const sample = candidatePairs(blocks, space, CANDIDATE_SAMPLE_MAX, random);
  return {
    blocks: sampleRules(table, blocks, space, reader, random),
    candidates: read(sample),
    pairsPerSample: sample.lefts.length === 0 ? 1 : sample.seen / sample.lefts.length,
    random: fromAll,
    pairCount: space.pairCount,
    kinShareLeast: kinShareLeast(table.size, space.pairCount),
  };
}

function assemble(
  { schema, size }: RecordTable,
  terms: readonly TermFrequencies[],
  { m, u, prior, kinShare, twinShare, colleagueShare }: Parameters,
): MatchingModel {
  return {
    version: MODEL_VERSION,
    schema,
    fields: schema.fields.map(({ name, kind }, field) => ({
      name,
      m: m[field]!,
      u: u[field]!,
      ...terms[field]!,
      weights: codeWeights(kind, m[field]!, u[field]!),
    })),
    prior,
    kinShare,
    twinShare,
    colleagueShare,
    recordCount: size,
    calibration: NO_CALIBRATION,
  };
}
