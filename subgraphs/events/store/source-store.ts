import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { Source, SourceStatistics } from "../domain/source.ts";

/** A write key as it is kept: its hash, and enough of it to be told apart by eye. */
export interface WriteKeyRow {
  hash: string;
  source: string;
  prefix: string;
  createdAt: Date;
  revokedAt: Date | null;
}

/** What a write key opens. */
export interface KeyHolder {
  source: string;
  isRevoked: boolean;
  isDisabled: boolean;
}

/** Counts to be added to those of a source. */
export interface CountsRow {
  source: string;
  accepted: number;
  duplicates: number;
  quarantined: number;
  rejected: number;
  lastEventAt: Date;
}

/** Where sources and their write keys are kept. */
export interface SourceStore {
  /** False when the name is taken. */
  insert(transaction: Transaction, source: Source): Promise<boolean>;
  insertKey(transaction: Transaction, key: WriteKeyRow): Promise<void>;
  /** Ascending by name, after a name; at most `limit`. */
  page(session: Session, after: string | null, limit: number): Promise<Source[]>;
  byNames(session: Session, names: readonly string[]): Promise<Map<string, Source>>;
  count(session: Session): Promise<number>;
  statistics(session: Session, names: readonly string[]): Promise<Map<string, SourceStatistics>>;
  keysOf(session: Session, names: readonly string[]): Promise<WriteKeyRow[]>;
  holderOf(session: Session, hash: string): Promise<KeyHolder | null>;
  /** Revokes the keys of a source, all or the one with this prefix; gives how many. */
  revokeKeys(session: Session, source: string, prefix: string | null, at: Date): Promise<number>;
  /** Null: it may send again. */
  setDisabledAt(session: Session, source: string, at: Date | null): Promise<void>;
  addCounts(session: Session, counts: readonly CountsRow[]): Promise<void>;
}
