import type { AuditEntry } from "../domain/audit-entry.ts";
import type { FactSheet } from "../domain/fact.ts";

/** What is to leave the graph at once. */
export interface GraphErasure {
  /** Identifiers, with their evidence, facts, memberships and places in decisions. */
  keys: readonly string[];
  /** Living persons that are no more, and with them all ids that lead to them. */
  personIds: readonly string[];
  /** Keyed hashes that keep what is older than `erasedAt` from coming back. */
  tombstones: readonly string[];
  /** ISO 8601. */
  erasedAt: string;
}

/** A tie that went with one of its ends. */
export interface LostTie {
  low: string;
  high: string;
}

/** What a text that may name somebody erased holds, in lower case; `digits`: once bare of signs. */
export interface TextsOfErased {
  parts: readonly string[];
  digits: readonly string[];
}

/** A stretch of the audit log: texts in it that may name somebody erased. */
export interface AuditStretch extends TextsOfErased {
  after: number;
}

/** The part of the graph's port that forgets; inside one unit of work. */
export interface GraphErasing {
  /** Of the newest tombstone; null: nobody was erased, nothing has to be looked up. */
  readonly lastErasedAt: string | null;

  /** Those of the keyed hashes that are tombstones, with the instant of the erasure. */
  tombstones(hashes: readonly string[]): Promise<Map<string, string>>;

  /**
   * Removes; gives the ties that went with it, at most `lostTiesMax`. A decision that is left with
   * others loses its reason: it was about the erased. Repeating changes nothing.
   */
  erase(erasure: GraphErasure): Promise<LostTie[]>;

  /**
   * Fact sheets of a stretch that hold one of the texts, and where the next stretch begins (null:
   * this was the last).
   */
  sheetsMentioning(
    after: string,
    parts: readonly string[],
    digits: readonly string[],
  ): Promise<{ sheets: FactSheet[]; next: string | null }>;

  /** Removes what a source said about an identifier. */
  removeSheets(sheets: readonly { key: string; source: string }[]): Promise<void>;

  /**
   * Rewrites the audit entries of a stretch that hold one of the texts (null: as it is); gives where
   * the next stretch begins, or null at the end of the log.
   */
  scrubAudit(
    stretch: AuditStretch,
    rewrite: (entry: AuditEntry) => AuditEntry | null,
  ): Promise<number | null>;

  /** Rewrites the reasons of decisions about others that hold one of the texts. */
  scrubDecisions(texts: TextsOfErased, rewrite: (reason: string) => string): Promise<void>;
}

export const lostTiesMax = 50_000;
/** Fact sheets that one unit of work looks at. */
export const sheetsPerStretch = 2_000;
/** Audit entries that one unit of work looks at. */
export const auditPerStretch = 2_000;
