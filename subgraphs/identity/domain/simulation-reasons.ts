import type { Evidence } from "./evidence.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import type { Refusal } from "./partition.ts";
import type { KnownIdentifier } from "./person-state.ts";
import { namespaceName } from "./reread.ts";

/** Why persons would be one, in words that name no value. */
export function reasonOfMerge(
  across: readonly Evidence[],
  places: ReadonlyMap<string, string>,
  index: PolicyIndex,
): string {
  const joining = across
    .filter(
      ({ low, high }) => places.get(low) !== undefined && places.get(low) === places.get(high),
    )
    .filter(({ confidence }) => confidence >= index.policy.highFrom)
    .sort((a, b) => b.confidence - a.confidence)[0];
  if (!joining) return "The policy lets evidence around them join them.";
  const { low, high, confidence } = joining;
  const names = `${namespaceName(low)} and ${namespaceName(high)}`;
  return `${names} were seen together (confidence ${confidence}), and the policy lets that join.`;
}

/** Why one person would be several. */
export function reasonOfParting(
  marked: readonly KnownIdentifier[],
  refusals: readonly Refusal[],
  across: readonly Evidence[],
  index: PolicyIndex,
): string {
  const [value] = marked;
  if (value?.genericCause === "BLOCKED_VALUE") {
    return `A value of ${value.namespace} that joined them is blocked or of no known namespace.`;
  }
  if (value) {
    const most = index.policy.genericAbove;
    return `A value of ${value.namespace} that joined them is claimed by more than ${most}.`;
  }
  const [refusal] = refusals;
  if (refusal) return reasonOfRefusal(refusal, index);
  const weak = across.find(({ confidence }) => confidence < index.policy.highFrom);
  if (weak) {
    return (
      `${namespaceName(weak.low)} and ${namespaceName(weak.high)} were seen together with ` +
      `confidence ${weak.confidence}, below ${index.policy.highFrom}.`
    );
  }
  return "What joined them is gone under the policy.";
}

function reasonOfRefusal({ constraint, namespace }: Refusal, index: PolicyIndex): string {
  const { limit, limitWithin } = index.namespaces.get(namespace ?? "") ?? {};
  const within = limitWithin ? ` within ${limitWithin}` : "";
  switch (constraint) {
    case "EXCLUSIVE_NAMESPACE":
      return `Each side has a ${namespace} of its own, and one person has only one.`;
    case "NAMESPACE_LIMIT":
      return `Together they have more values of ${namespace} than the limit of ${limit}${within}.`;
    case "SHARED_DEVICE":
      return "They share a device, and each is a known person.";
    default:
      return "Somebody decided that they are two persons.";
  }
}
