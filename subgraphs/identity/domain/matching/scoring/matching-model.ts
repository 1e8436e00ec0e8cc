import type { RecordSchema } from "../schema/record-schema.ts";

/** Bumped when a model of the old shape would no longer be read the same way. */
export const MODEL_VERSION = 2;

/** How common each term of a field is. */
export interface TermFrequencies {
  /** By aspect: the chance that two records agree on it by accident. */
  readonly agreementByAspect: Readonly<Record<string, number>>;
  /** Share of the records that have a term; what is not listed is as rare as `rarestShare`. */
  readonly shareByTerm: Readonly<Record<string, number>>;
  readonly rarestShare: number;
}

/** What was learned about one field of the schema. */
export interface FieldModel extends TermFrequencies {
  readonly name: string;
  /** P(level | same person), by cell of the comparator. */
  readonly m: readonly number[];
  /** P(level | different persons), by cell. */
  readonly u: readonly number[];
  /** log2(m / u) by code, without term frequency: to be read and plotted. */
  readonly weights: readonly number[];
}

/** Maps the weight of a pair to a probability: 1 / (1 + 2^-(slope * weight + offset)). */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

/** A trained model: plain data, byte for byte the same for the same records, settings and seed. */
export interface MatchingModel {
  readonly version: number;
  readonly schema: RecordSchema;
  readonly fields: readonly FieldModel[];
  /** Chance that two random records are of one person. */
  readonly prior: number;
  /** Chance that two random records are of two persons of one household. */
  readonly kinShare: number;
  /** Share of the pairs of one household who have one birth date. */
  readonly twinShare: number;
  /** Chance that two random records are of two persons of one workplace; absent where nothing tells of workplaces. */
  readonly colleagueShare?: number;
  readonly recordCount: number;
  readonly calibration: Calibration;
}

export const NO_CALIBRATION: Calibration = { slope: 1, offset: 0 };
