import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { Assignment, Exposure } from "../domain/assignment.ts";
import type { Experiment } from "../domain/experiment.ts";

/** That a person is, or is no longer, in an audience. */
export interface Membership {
  audience: string;
  personId: string;
  isMember: boolean;
}

/** How many persons a variation has. */
export interface VariationCount {
  variation: string;
  assigned: number;
  exposed: number;
}

/** Keeps experiments, who may take part, and what everybody was given and saw. */
export interface ExperimentStore {
  /**
   * Until the transaction ends nobody else assigns: what one writer sees of members, identifiers
   * and
   * states, the next one sees too.
   */
  lockAssigning(transaction: Transaction): Promise<void>;

  find(session: Session, name: string): Promise<Experiment | null>;
  /** By name, from behind `after`. */
  page(session: Session, first: number, after: string | null): Promise<Experiment[]>;
  /** Those that run or have run; at most `experimentsMax`. */
  started(session: Session): Promise<Experiment[]>;
  named(session: Session, names: readonly string[]): Promise<Experiment[]>;
  /** False when the name is taken. */
  add(transaction: Transaction, experiment: Experiment): Promise<boolean>;
  saveState(transaction: Transaction, experiment: Experiment): Promise<void>;
  count(session: Session): Promise<number>;

  /** The last word on each pair of audience and person counts. */
  saveMemberships(transaction: Transaction, memberships: readonly Membership[]): void;
  /** The audiences, of those named, that each of the persons is in. */
  audiencesOf(
    session: Session,
    personIds: readonly string[],
    audiences: readonly string[],
  ): Promise<Map<string, Set<string>>>;
  /** Ids of members of an audience (null: of all persons), ascending, from behind `after`. */
  eligiblePage(
    session: Session,
    audience: string | null,
    after: string,
    limit: number,
  ): Promise<string[]>;

  assignmentsOf(session: Session, subjectKeys: readonly string[]): Promise<Assignment[]>;
  exposuresOf(session: Session, subjectKeys: readonly string[]): Promise<Exposure[]>;
  /** A subject that has an assignment keeps it. */
  addAssignments(transaction: Transaction, assignments: readonly Assignment[]): void;
  /** The earliest exposure of a subject to a variation stays. */
  addExposures(transaction: Transaction, exposures: readonly Exposure[]): void;
  /** Persons by variation; of a person with several assignments the own one counts, else the
   * earliest. */
  variationCounts(session: Session, experiment: string): Promise<VariationCount[]>;
  eraseSubjects(transaction: Transaction, subjectKeys: readonly string[]): Promise<void>;
}
