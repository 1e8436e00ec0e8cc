import type { Evidence } from "./evidence.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import type { Identifier } from "./normalise-identifier.ts";
import { recordNamespace } from "./records/source-record.ts";

type Named = Pick<Identifier, "namespace">;

/**
 * Whether a tie to `peer` claims the identifier for a person of its own: too many claims and the
 * value says nothing about anybody. An exclusive identifier is somebody, however many others claim
 * it; a record is one source's entry about somebody, and each claims what it names. What a limit
 * with a window lets renew itself claims nobody: one person has any number of it in time.
 */
export function isClaim(identifier: Named, peer: Named, index: PolicyIndex): boolean {
  if (index.namespaces.get(identifier.namespace)?.exclusive) return false;
  if (identifier.namespace === recordNamespace) return false;
  if (peer.namespace === recordNamespace) return true;
  const policy = index.namespaces.get(peer.namespace);
  return policy !== undefined && policy.limit !== null && policy.limitWithin === null;
}

/** The generic ones among the identifiers, from all evidence about them. */
export function genericKeys(
  identifiers: readonly Identifier[],
  evidence: readonly Evidence[],
  index: PolicyIndex,
): Set<string> {
  const byKey = new Map(identifiers.map((identifier) => [identifier.key, identifier]));
  const claims = new Map<string, number>();
  for (const { low, high, count } of evidence) {
    // What nobody says any more claims nothing.
    if (count === 0) continue;
    for (const [key, peer] of [
      [low, high],
      [high, low],
    ] as const) {
      if (!isClaim(byKey.get(key)!, byKey.get(peer)!, index)) continue;
      claims.set(key, (claims.get(key) ?? 0) + 1);
    }
  }
  const generic = [...claims].filter(([, count]) => count > index.policy.genericAbove);
  return new Set(generic.map(([key]) => key));
}
