import type { ConsentFacts, SuppressionFact } from "./consent-facts.ts";
import type { ConsentRequest } from "./consent-request.ts";
import type { LawfulBasis } from "./consent-policy.ts";
import { type ReasonCode, suppressionReason } from "./reason.ts";

/**
 * A suppression on an address that would be sent to denies. Where the request names no address of a
 * namespace, the person's own stand in, and one that is free is enough.
 */
export function judgeSuppressions(
  facts: ConsentFacts,
  request: ConsentRequest,
  basis: LawfulBasis,
): ReasonCode[] {
  if (facts.suppressions.length === 0) return [];
  const standing = facts.suppressions.filter((one) => applies(one, request, basis));
  const named = new Set(request.addresses);
  const namedNamespaces = new Set(request.addresses.map(namespaceOf));
  const suppressed = new Set(standing.map((one) => one.address));
  const free = new Set(
    facts.identifiers.filter((address) => !suppressed.has(address)).map(namespaceOf),
  );
  return standing
    .filter(({ address }) => {
      if (named.has(address)) return true;
      const namespace = namespaceOf(address);
      return !namedNamespaces.has(namespace) && !free.has(namespace);
    })
    .map((one) => suppressionReason(one.reason));
}

/** What concerns marketing only: it spares a message that a contract needs. */
const marketingOnly = new Set(["UNSUBSCRIBE", "TOPIC"]);

function applies(one: SuppressionFact, request: ConsentRequest, basis: LawfulBasis): boolean {
  if (one.channel !== null && one.channel !== request.channel) return false;
  if (one.topic !== null && one.topic !== request.topic) return false;
  return basis !== "CONTRACT" || !marketingOnly.has(one.reason);
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf(":"));
}
