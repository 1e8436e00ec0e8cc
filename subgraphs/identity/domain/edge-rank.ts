import type { Evidence } from "./evidence.ts";
import type { IdentifierKind } from "./identity-policy.ts";

const methodRanks = { HUMAN: 0, DETERMINISTIC: 1, PROBABILISTIC: 2 } as const;

/** 0: between two identifiers of persons; 1: a device takes part; 2: a session does. */
export function reachOf(low: IdentifierKind, high: IdentifierKind): 0 | 1 | 2 {
  if (low === "SESSION" || high === "SESSION") return 2;
  return low === "PERSON" && high === "PERSON" ? 0 : 1;
}

/**
 * The place of an edge in the order of resolution, as a text that sorts (UTF-16): method, reach (so
 * that persons are whole before devices attach to them), confidence, event time, key. Total: no two
 * edges share one.
 */
export function edgeRank(evidence: Evidence, reach: 0 | 1 | 2): string {
  const doubt = (1 - evidence.confidence).toFixed(6);
  const { firstSeenAt, low, high, rule } = evidence;
  const strength = `${methodRanks[evidence.method]}${reach} ${doubt} ${firstSeenAt}`;
  return `${strength} ${low}\u0001${high}\u0001${rule}`;
}
