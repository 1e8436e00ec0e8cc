import { groupOf } from "../fields/field-kind.ts";
import type { RecordSchema } from "../schema/record-schema.ts";

/** Turns the weights of the single fields into shares of the total that add up to it, in place. */
export type WeightAdjustment = (weights: Float64Array) => void;

/** Street, postcode and city tell of one circumstance: behind the strongest, each further agreement counts this much. */
const FURTHER_AGREEMENT = 0.3;
/** Who moves changes them all at once: each further disagreement counts this much. */
const FURTHER_DISAGREEMENT = 0.4;

/**
 * Takes back what overlapping evidence says twice. Agreement on circumstances that people share (a household's address)
 * singles out a household, one of recordCount at best, never a person: it adds log2(recordCount) bits at most.
 */
export function weightAdjustment(schema: RecordSchema, recordCount: number): WeightAdjustment {
  const shared = schema.fields.flatMap((plan, field) => (groupOf(plan.kind) === "location" ? [field] : []));
  const sharedMax = Math.log2(Math.max(2, recordCount));
  return (weights) => {
    let agreement = 0;
    let strongestAgreement = 0;
    let disagreement = 0;
    let strongestDisagreement = 0;
    for (const field of shared) {
      const weight = weights[field]!;
      if (weight > 0) {
        agreement += weight;
        strongestAgreement = Math.max(strongestAgreement, weight);
      } else {
        disagreement += weight;
        strongestDisagreement = Math.min(strongestDisagreement, weight);
      }
    }
    const kept = strongestAgreement + FURTHER_AGREEMENT * (agreement - strongestAgreement);
    const against = strongestDisagreement + FURTHER_DISAGREEMENT * (disagreement - strongestDisagreement);
    const speaking = agreement === 0 ? 0 : Math.min(kept, sharedMax - against) / agreement;
    const denying = disagreement === 0 ? 0 : against / disagreement;
    for (const field of shared) weights[field]! *= weights[field]! > 0 ? speaking : denying;
  };
}
