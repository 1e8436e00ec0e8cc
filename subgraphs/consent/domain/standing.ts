import type { StatementKind } from "./consent-facts.ts";

/** The latest statement of one kind by one subject about one purpose and channel. */
export interface Standing {
  statedAt: number;
  /** The last time the subject was seen to hold it still. */
  heldAt: number;
}

/** What a preference that rides along on an event adds to what is known. */
export type Novelty =
  /** A new statement. */
  | "NEW"
  /** The standing statement, held a good while longer. */
  | "HELD"
  /** Nothing worth writing down. */
  | "KNOWN";

/** A repeated preference is noted no more often than this. */
export const holdIntervalMs = 3_600_000;

/**
 * Whether a preference of one kind, seen at `at`, says something new. It does when the subject last
 * said the opposite, or nothing; otherwise it only prolongs what stands.
 */
export function noveltyOf(
  at: number,
  same: Standing | undefined,
  opposite: Standing | undefined,
): Novelty {
  if (!same) return "NEW";
  if (at < same.statedAt) return "KNOWN";
  const isBroken = opposite !== undefined && opposite.statedAt >= same.heldAt;
  if (isBroken && opposite.statedAt <= at) return "NEW";
  return at - same.heldAt >= holdIntervalMs ? "HELD" : "KNOWN";
}

/** Operators and imports may record what somebody said, but never revive what was withdrawn. */
export function isByOperator(method: string): boolean {
  return /(^|[^a-z])(csv|import|imported|operator|bulk|migration|backfill)([^a-z]|$)/i.test(method);
}

export const opposite: Readonly<Record<StatementKind, StatementKind>> = {
  GRANT: "WITHDRAW",
  WITHDRAW: "GRANT",
};
