import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { Audience } from "../domain/audience.ts";
import type { AudienceRule } from "../domain/audience-rule.ts";
import type { VersionState } from "../domain/version-state.ts";

export interface NewAudience {
  name: string;
  title: string;
  description: string | null;
  owner: string;
  purpose: string | null;
  createdAt: Date;
}

/**
 * A run over all persons that puts a version into force, or (version null) lets every member go.
 */
export interface Activation {
  audienceId: number;
  version: number | null;
  /** Persons up to this id (in the order of "C") are done. */
  afterPerson: string;
}

/** Audiences, their versions and the activations under way. */
export interface DefinitionStore {
  /**
   * Makes this transaction the only writer of memberships and definitions until it ends. First
   * statement of every writing transaction. `holder` names the process; gives the revision of the
   * definitions, and whether the last writer was the same process.
   */
  lock(
    transaction: Transaction,
    holder: string,
  ): Promise<{ revision: number; isStillOurs: boolean }>;
  /** Place in stream `events` up to which events have been taken in. */
  takenUntil(session: Session): Promise<number>;
  setTakenUntil(transaction: Transaction, position: number): void;
  /** Tells every process that definitions changed; gives the new revision. */
  raiseRevision(transaction: Transaction): Promise<number>;
  /** The present revision, without the lock. */
  revision(session: Session): Promise<number>;

  /** In order of name, after a name, with all versions. */
  audiences(session: Session, after: string, limit: number): Promise<Audience[]>;
  audiencesByName(session: Session, names: readonly string[]): Promise<Audience[]>;
  audiencesById(session: Session, ids: readonly number[]): Promise<Audience[]>;
  audienceCount(session: Session): Promise<number>;
  /** False when the name is taken. */
  insertAudience(transaction: Transaction, audience: NewAudience): Promise<boolean>;
  updateAudience(transaction: Transaction, id: number, audience: NewAudience): Promise<void>;
  insertVersion(
    transaction: Transaction,
    audienceId: number,
    version: { number: number; rule: AudienceRule; createdAt: Date },
  ): Promise<void>;
  setVersionState(
    transaction: Transaction,
    audienceId: number,
    number: number,
    state: VersionState,
    at: Date,
  ): Promise<void>;

  activations(session: Session): Promise<Activation[]>;
  startActivation(transaction: Transaction, activation: Activation, at: Date): Promise<void>;
  advanceActivation(transaction: Transaction, audienceId: number, after: string): Promise<void>;
  endActivation(transaction: Transaction, audienceId: number): Promise<void>;
}
