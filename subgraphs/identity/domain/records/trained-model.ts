import { commonSchema, startModel } from "../matching/start-model.ts";
import type { ColumnRole } from "../matching/schema/column-role.ts";
import type { MatchingModel } from "../matching/scoring/matching-model.ts";
import { RecordBlocking, startBounds } from "./record-blocking.ts";
import { columnByRole } from "./record-columns.ts";

/** What a training gives: the model, and how large a block of each rule may be. */
export interface TrainedModel {
  model: MatchingModel;
  /** By place of the rule in the schema's list. */
  blockBounds: readonly number[];
}

/** Before the first training. */
export function untrainedModel(): TrainedModel {
  const schema = commonSchema((role) => columnByRole[role as ColumnRole]);
  return {
    model: startModel(schema),
    blockBounds: startBounds(new RecordBlocking(schema).rules).byRule,
  };
}
