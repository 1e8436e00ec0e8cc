import { type Problem, problem } from "../../../kernel/errors/problem.ts";

/** DELETED: nothing is told any more; what it was stays, for the lines of the ledger. */
export const syncStates = ["ACTIVE", "PAUSED", "DELETED"] as const;
export type SyncState = (typeof syncStates)[number];

/** What a destination hears about: the members of one audience, or changes of allowed profiles. */
export interface Sync {
  name: string;
  destination: string;
  /** Null: profile changes. */
  audience: string | null;
  purpose: string;
  channel: string;
  /** Namespaces and trait names that may leave; nothing else does. */
  identifiers: string[];
  traits: string[];
  state: SyncState;
  createdAt: Date;
  deletedAt: Date | null;
  /**
   * Present members told of up to (exclusive) this person id; null: all of them. Of a deleted one:
   * null when nothing that it told, or was about to tell, is noted any more.
   */
  sweepAfter: string | null;
}

/** A sync names at most so many namespaces and so many traits. */
export const namedFieldsMax = 100;
const namePattern = /^[a-z0-9][a-z0-9._-]{0,99}$/i;
const fieldLengthMax = 200;

/**
 * Problems of a name that stands in people's code: letters, digits, dot, dash, underscore; 1–100.
 */
export function nameProblems(name: string, path: string[]): Problem[] {
  if (namePattern.test(name)) return [];
  const rule = "1 to 100 letters, digits, dots, dashes or underscores, a letter or digit first";
  return [problem("INVALID_NAME", `A name is ${rule}.`, path)];
}

/** Problems of the list of namespaces or traits a sync names. */
export function namedFieldsProblems(names: readonly string[], path: string): Problem[] {
  if (names.length > namedFieldsMax) {
    return [problem("TOO_MANY", `At most ${namedFieldsMax} can be named.`, [path])];
  }
  return names.flatMap((name, index) =>
    name.length > 0 && name.length <= fieldLengthMax && !hasUnstorableText(name)
      ? []
      : [problem("INVALID_NAME", `1 to ${fieldLengthMax} characters.`, [path, String(index)])],
  );
}

/** PostgreSQL text holds neither NUL nor lone surrogates. */
export function hasUnstorableText(text: string): boolean {
  return text.includes("\u0000") || !text.isWellFormed();
}
