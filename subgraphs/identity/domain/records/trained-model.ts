import { commonSchema, startModel } from "../matching/start-model.ts";
import type { ColumnRole } from "../matching/schema/column-role.ts";
import { groupWeightMin } from "./match-groups.ts";
import type { MatchingModel } from "../matching/scoring/matching-model.ts";
import { RecordBlocking, startBounds } from "./record-blocking.ts";
import { columnByRole } from "./record-columns.ts";

/** What a training gives: the model, how large a block of each rule may be, and what joins groups. */
export interface TrainedModel {
  model: MatchingModel;
  /** By place of the rule in the schema's list. */
  blockBounds: readonly number[];
  /** Average weight between two groups, in bits, above which the bulk run over the same records joined them. */
  joinsFromBits: number;
}

/** Before the first training. */
export function untrainedModel(): TrainedModel {
  const schema = commonSchema((role) => columnByRole[role as ColumnRole]);
  return {
    model: startModel(schema),
    blockBounds: startBounds(new RecordBlocking(schema).rules).byRule,
    joinsFromBits: groupWeightMin,
  };
}

/** A trained model as it was kept; earlier ones do not say from where on groups join. */
export function readTrainedModel(body: string): TrainedModel {
  return { joinsFromBits: groupWeightMin, ...JSON.parse(body) };
}
