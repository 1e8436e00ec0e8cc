import type { ConsentFacts, SuppressionFact } from "./consent-facts.ts";
import type { ConsentRequest } from "./consent-request.ts";
import type { LawfulBasis } from "./consent-policy.ts";
import { type ReasonCode, suppressionReason } from "./reason.ts";

/** Why suppressions speak against a use, and which named addresses it must do without. */
export interface SuppressionJudgement {
  against: ReasonCode[];
  leaveOut: string[];
}

const nothingSuppressed: SuppressionJudgement = { against: [], leaveOut: [] };

/**
 * A suppression on an address that would be sent to denies, unless the asker leaves it out and
 * names another one of the namespace that is free. Where the request names no address of a
 * namespace, the person's own stand in, and one that is free is enough.
 */
export function judgeSuppressions(
  facts: ConsentFacts,
  request: ConsentRequest,
  basis: LawfulBasis,
): SuppressionJudgement {
  if (facts.suppressions.length === 0) return nothingSuppressed;
  const standing = facts.suppressions.filter((one) => applies(one, request, basis));
  const named = new Set(request.addresses);
  const namedNamespaces = new Set(request.addresses.map(namespaceOf));
  const suppressed = new Set(standing.map((one) => one.address));
  const isFree = (address: string) => !suppressed.has(address);
  const ownFree = new Set(facts.identifiers.filter(isFree).map(namespaceOf));
  const namedFree = new Set(request.addresses.filter(isFree).map(namespaceOf));
  const isSpared = (address: string) => {
    const namespace = namespaceOf(address);
    if (named.has(address)) return request.leavesOut && namedFree.has(namespace);
    return namedNamespaces.has(namespace) || ownFree.has(namespace);
  };
  const against = standing.filter(({ address }) => !isSpared(address));
  const leaveOut = [...suppressed].filter((address) => named.has(address) && isSpared(address));
  return { against: against.map((one) => suppressionReason(one.reason)), leaveOut };
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
