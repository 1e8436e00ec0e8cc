import type { PersonAssignment } from "../domain/assignment.ts";
import type { Experiment } from "../domain/experiment.ts";
import type { AssignmentType, ExperimentType, StateEnum, UnitEnum } from "./experiment-types.ts";

export function toExperiment(experiment: Experiment): ExperimentType {
  const { name, title, unit, state, audience, variations, seed, hashVersion } = experiment;
  return {
    name,
    title,
    unit: unit as UnitEnum,
    state: state as StateEnum,
    eligibility: { audience: audience === null ? null : { name: audience } },
    variations: variations.map((variation) => ({ ...variation, experiment: name })),
    seed,
    hashVersion,
    createdAt: new Date(experiment.createdAt),
    startedAt: dateOrNull(experiment.startedAt),
    stoppedAt: dateOrNull(experiment.stoppedAt),
  };
}

export function toAssignment(one: PersonAssignment, experiment: Experiment): AssignmentType {
  return {
    experiment: toExperiment(experiment),
    variation: one.variation,
    assignedAt: new Date(one.assignedAt),
    exposedAt: dateOrNull(one.exposedAt),
    contaminated: one.isContaminated,
  };
}

function dateOrNull(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
