import type { BlockIndex } from "../blocking/block-index.ts";
import { seededRandom } from "../encoding/seeded-random.ts";
import type { RecordTable } from "../encoding/record-table.ts";
import { comparatorOf } from "../fields/field-kind.ts";
import { MODEL_VERSION, type MatchingModel, NO_CALIBRATION } from "../scoring/matching-model.ts";
import { weightAdjustment } from "../scoring/combine-weights.ts";
import { TableScorer } from "../scoring/table-scorer.ts";
import { learnM, sampleRules } from "./em-sessions.ts";
import { estimatePrior } from "./estimate-prior.ts";
import { estimateU } from "./estimate-u.ts";
import { codeWeights } from "./expectation-maximisation.ts";
import { estimateKinShare, kinShareLeast, knownNamesApartBits } from "./estimate-kin.ts";
import { CodeReader, NO_CODE, type PairCodes } from "./pair-codes.ts";
import { candidatePairs, type PairSample, type PairSpace, randomPairs } from "./pair-samples.ts";
import { type TermFrequencies, termFrequencies } from "./term-frequencies.ts";

const RANDOM_PAIRS_MAX = 200_000;
const CANDIDATE_SAMPLE_MAX = 40_000;
const ROUNDS = 2;

/** Learns the parameters of a model from the records alone; the same records and seed give the same model. */
export class ModelTrainer {
  readonly #table: RecordTable;
  readonly #space: PairSpace;
  readonly #random: () => number;
  readonly #reader: CodeReader;
  readonly #terms: TermFrequencies[];
  readonly #randomCodes: PairCodes;
  readonly #candidates: PairSample;
  readonly #blocks: BlockIndex;

  constructor(table: RecordTable, blocks: BlockIndex, space: PairSpace, seed: number) {
    this.#table = table;
    this.#blocks = blocks;
    this.#space = space;
    this.#random = seededRandom(seed);
    this.#reader = new CodeReader(table);
    this.#terms = table.schema.fields.map((_, field) => termFrequencies(table, field));
    this.#randomCodes = this.#codesOf(randomPairs(table, RANDOM_PAIRS_MAX, this.#random));
    this.#candidates = candidatePairs(blocks, space, CANDIDATE_SAMPLE_MAX, this.#random);
  }

  /** EM sessions by blocking rule, then the prior, then u without the matches among the random pairs; twice. */
  learn(): MatchingModel {
    const { schema } = this.#table;
    const samples = sampleRules(this.#table, this.#blocks, this.#space, this.#reader, this.#random);
    let m: readonly (readonly number[])[] = schema.fields.map(
      ({ kind }) => comparatorOf(kind).expectedAmongMatches,
    );
    let prior = 1 / this.#table.size;
    let kinShare = kinShareLeast(this.#table.size, this.#space.pairCount);
    const known = schema.fields.map(({ kind }) => comparatorOf(kind).expectedAmongDifferent);
    // In a file full of duplicates many random pairs are matches: general knowledge tells them first.
    const guess = this.#assemble(m, known, prior, kinShare);
    let u = estimateU(schema, this.#randomCodes, this.#certainlyDifferent(guess));
    for (let round = 0; round < ROUNDS; round++) {
      m = learnM(this.#table, samples, u, m);
      const model = this.#assemble(m, u, prior, kinShare);
      kinShare = estimateKinShare(model, this.#table, this.#candidates, this.#space.pairCount);
      prior = this.#estimatePrior({ ...model, kinShare });
      u = estimateU(schema, this.#randomCodes, this.#certainlyDifferent({ ...model, prior }));
    }
    return this.#assemble(m, u, prior, kinShare);
  }

  #codesOf({ lefts, rights }: PairSample): PairCodes {
    return this.#reader.read(lefts, rights, lefts.length);
  }

  #weigh(model: MatchingModel, { lefts, rights }: PairSample): Float64Array {
    const scorer = new TableScorer(model, this.#table);
    return Float64Array.from(lefts, (left, at) => scorer.weight(left, rights[at]!));
  }

  #estimatePrior(model: MatchingModel): number {
    const priorBits = Math.log2(model.prior / (1 - model.prior));
    const weights = this.#weigh(model, this.#candidates).map((weight) => weight - priorBits);
    const pairsPerSample = weights.length === 0 ? 1 : this.#candidates.seen / weights.length;
    return estimatePrior(
      { weights, pairsPerSample },
      Math.max(1, this.#space.pairCount),
      model.prior,
    );
  }

  #certainlyDifferent(model: MatchingModel): Float64Array {
    const { codes, pairCount, fieldCount } = this.#randomCodes;
    const priorWeight = Math.log2(model.prior / (1 - model.prior));
    const adjust = weightAdjustment(model.schema, model.kinShare);
    const weights = new Float64Array(fieldCount);
    return new Float64Array(pairCount).map((_, pair) => {
      for (let field = 0; field < fieldCount; field++) {
        const code = codes[pair * fieldCount + field]!;
        weights[field] = code === NO_CODE ? 0 : model.fields[field]!.weights[code]!;
      }
      adjust(weights, 0);
      return 1 / (1 + 2 ** weights.reduce((sum, weight) => sum + weight, priorWeight));
    });
  }

  #assemble(
    m: readonly (readonly number[])[],
    u: readonly (readonly number[])[],
    prior: number,
    kinShare: number,
  ): MatchingModel {
    const { schema, size } = this.#table;
    const fields = schema.fields.map(({ name, kind }, field) => ({
      name,
      m: m[field]!,
      u: u[field]!,
      ...this.#terms[field]!,
      weights: codeWeights(kind, m[field]!, u[field]!),
      ...(kind === "name" ? { knownNamesApart: knownNamesApartBits(size, kinShare) } : {}),
    }));
    return {
      version: MODEL_VERSION,
      schema,
      fields,
      prior,
      kinShare,
      recordCount: size,
      calibration: NO_CALIBRATION,
    };
  }
}
