import type { Session, Transaction } from "../../../kernel/database/database.ts";

/**
 * How a person stands to an audience: is or was a member, or has an instant to be looked at again.
 */
export interface MembershipRow {
  personId: string;
  audienceId: number;
  /** The version that gave the present answer. */
  version: number;
  isMember: boolean;
  enteredAt: Date | null;
  exitedAt: Date | null;
  /** When the answer may change with no event; null: never. */
  dueAtMs: number | null;
}

/** When it was last told that somebody entered or exited, in epoch ms: nothing is told of before. */
export function lastTurnMs(row: MembershipRow | null): number {
  return Math.max(row?.enteredAt?.getTime() ?? 0, row?.exitedAt?.getTime() ?? 0);
}

export interface MembershipStore {
  ofPersons(session: Session, personIds: readonly string[]): Promise<MembershipRow[]>;
  save(transaction: Transaction, rows: readonly MembershipRow[]): void;
  removePersons(transaction: Transaction, personIds: readonly string[]): void;
  /** Adds to the kept count of members, by audience. */
  addToCounts(transaction: Transaction, deltas: ReadonlyMap<number, number>): void;
  /** What is due at `nowMs`, earliest first. */
  due(session: Session, nowMs: number, limit: number): Promise<MembershipRow[]>;
  nextDueAtMs(session: Session): Promise<number | null>;
  /** Members of an audience in order of person, after one. */
  members(
    session: Session,
    audienceId: number,
    after: string,
    limit: number,
  ): Promise<MembershipRow[]>;
  /** Members among these persons: all their memberships, in order of person and audience. */
  membershipsOf(session: Session, personIds: readonly string[]): Promise<MembershipRow[]>;
}
