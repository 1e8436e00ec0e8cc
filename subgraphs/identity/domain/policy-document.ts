import { defaultPolicy } from "./default-policy.ts";
import type { IdentityPolicy } from "./identity-policy.ts";
import { reservedNamespaces } from "./policy-namespace.ts";

/** The policy a stored document stands for. Version 1 has none: it is what holds from the start. */
export function policyOfDocument(version: number, body: string | null): IdentityPolicy {
  if (body === null) return { ...defaultPolicy, version };
  const stored = JSON.parse(body) as Partial<IdentityPolicy>;
  const policy = { ...defaultPolicy, ...stored, version };
  // Documents from before limits had windows say nothing of them.
  const namespaces = policy.namespaces.map((each) => ({
    ...each,
    limitWithin: each.limitWithin ?? null,
  }));
  return withReserved({ ...policy, namespaces });
}

/** The platform's own namespaces are in every policy, however old its document. */
function withReserved(policy: IdentityPolicy): IdentityPolicy {
  const names = new Set(policy.namespaces.map(({ name }) => name));
  const missing = defaultPolicy.namespaces
    .filter(({ name }) => reservedNamespaces.includes(name) && !names.has(name))
    .map((each, place) => ({
      ...each,
      priority: policy.namespaces.length + place + 1,
    }));
  return missing.length > 0
    ? { ...policy, namespaces: [...policy.namespaces, ...missing] }
    : policy;
}
