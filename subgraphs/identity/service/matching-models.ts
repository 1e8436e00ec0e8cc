import type { MatchingModel } from "../domain/matching/scoring/matching-model.ts";
import { RecordBlocking } from "../domain/records/record-blocking.ts";
import { type TrainedModel, untrainedModel } from "../domain/records/trained-model.ts";
import type { MatchingModels } from "../store/matching-models.ts";

/** The model that scores now. */
export interface ModelInForce extends TrainedModel {
  /** 0: before the first training. */
  version: number;
  model: MatchingModel;
  blocking: RecordBlocking;
}

/** Follows which model is in force, over all processes. */
export class FollowedModel {
  private readonly models: MatchingModels;
  private now = inForce(0, untrainedModel());

  constructor(models: MatchingModels) {
    this.models = models;
  }

  async current(): Promise<ModelInForce> {
    const version = await this.models.versionInForce();
    if (version !== this.now.version) {
      const trained = version === 0 ? null : await this.models.body(version);
      this.now = inForce(version, trained ?? untrainedModel());
    }
    return this.now;
  }
}

function inForce(version: number, trained: TrainedModel): ModelInForce {
  return { version, ...trained, blocking: new RecordBlocking(trained.model.schema) };
}
