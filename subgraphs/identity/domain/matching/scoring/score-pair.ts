import { comparatorOf } from "../fields/field-kind.ts";
import { type CanonicalRecord, canonicalRecord } from "../schema/record-schema.ts";
import type { SourceRow } from "../schema/source-row.ts";
import { isContradicted, weightAdjustment } from "./combine-weights.ts";
import { fieldEvidence, knownOf, surnameWeight } from "./field-weight.ts";
import { bandOf, type MatchBand, probabilityOf } from "./match-band.ts";
import type { MatchingModel } from "./matching-model.ts";

/** What one field says about a pair. */
export interface FieldFinding {
  readonly field: string;
  readonly left: string;
  readonly right: string;
  /** How alike the values are; "not told" where a side has none. */
  readonly level: string;
  /** Bits this field adds; negative speaks against. */
  readonly weight: number;
}

/** The answer for one pair: the findings and the prior add up to the weight. */
export interface PairScore {
  readonly weight: number;
  readonly probability: number;
  readonly band: MatchBand;
  readonly priorWeight: number;
  readonly findings: readonly FieldFinding[];
}

const NOT_TOLD = "not told";

/** Scores two rows under a model: the same numbers as the bulk run gives for them. */
export function scorePair(model: MatchingModel, left: SourceRow, right: SourceRow): PairScore {
  return scoreCanonicalPair(
    model,
    canonicalRecord(left, model.schema),
    canonicalRecord(right, model.schema),
  );
}

/** As `scorePair`, for records that were read with the model's schema before. */
export function scoreCanonicalPair(
  model: MatchingModel,
  left: CanonicalRecord,
  right: CanonicalRecord,
): PairScore {
  const weights = new Float64Array(model.fields.length);
  let surname = 0;
  const levels = model.fields.map((field, at) => {
    if (left[at] === "" || right[at] === "") return NOT_TOLD;
    const { kind } = model.schema.fields[at]!;
    const comparator = comparatorOf(kind);
    const [one, other] = [left[at]!, right[at]!].map((canonical) => {
      const prepared = comparator.prepare(canonical);
      return { canonical, prepared, known: knownOf(comparator, field, prepared) };
    });
    const { code, weight } = fieldEvidence(field, comparator, one!, other!);
    weights[at] = weight;
    if (kind === "name") surname = surnameWeight(field, one!.prepared, other!.prepared);
    return comparator.levels[code]!;
  });
  const isAgainst = isContradicted(model.schema, weights, surname);
  weightAdjustment(model)(weights, surname);
  const priorWeight = Math.log2(model.prior / (1 - model.prior));
  const weight = weights.reduce((sum, bits) => sum + bits, priorWeight);
  const probability = probabilityOf(weight, model.calibration);
  const findings = model.fields.map(({ name }, at) => ({
    field: name,
    left: left[at]!,
    right: right[at]!,
    level: levels[at]!,
    weight: weights[at]!,
  }));
  return { weight, probability, band: bandOf(probability, isAgainst), priorWeight, findings };
}
