import { groupOf } from "../fields/field-kind.ts";
import type { RecordSchema } from "../schema/record-schema.ts";

/** Adds the fields of a pair up; what is missing on a side is 0 in `weights` and so says nothing. */
export type WeightCombiner = (weights: Float64Array) => number;

/**
 * Agreement on circumstances that people share (a household's address, a family's e-mail) can single out a household,
 * one of recordCount at best, never a person: such a group adds log2(recordCount) bits at most.
 */
export function weightCombiner(schema: RecordSchema, recordCount: number): WeightCombiner {
  const groups = schema.fields.map((plan) => groupOf(plan.kind));
  const sharedMax = Math.log2(Math.max(2, recordCount));
  const isLocation = groups.map((group) => group === "location");
  return (weights) => {
    let total = 0;
    let location = 0;
    for (let field = 0; field < weights.length; field++) {
      if (isLocation[field]) location += weights[field]!;
      else total += weights[field]!;
    }
    return total + Math.min(location, sharedMax);
  };
}
