import type { ExperimentStore } from "./experiment-store.ts";
import {
  addAssignments,
  addExposures,
  assignmentsOf,
  eraseSubjects,
  exposuresOf,
  variationCounts,
} from "./postgres-assignments.ts";
import {
  addExperiment,
  countExperiments,
  experimentPage,
  findExperiment,
  namedExperiments,
  saveExperimentState,
  startedExperiments,
} from "./postgres-experiments.ts";
import { audiencesOf, eligiblePage, saveMemberships } from "./postgres-members.ts";

/** Any number; one that nothing else of ours locks. */
const assigningLock = 7_164_320_105;

/** Experiments on PostgreSQL, embedded or not. */
export const postgresExperimentStore: ExperimentStore = {
  lockAssigning: async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock($1)", [assigningLock]);
  },
  find: findExperiment,
  page: experimentPage,
  started: startedExperiments,
  named: namedExperiments,
  add: addExperiment,
  saveState: saveExperimentState,
  count: countExperiments,
  saveMemberships,
  audiencesOf,
  eligiblePage,
  assignmentsOf,
  exposuresOf,
  addAssignments,
  addExposures,
  variationCounts,
  eraseSubjects,
};
