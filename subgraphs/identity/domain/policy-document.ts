import { defaultPolicy } from "./default-policy.ts";
import type { IdentityPolicy } from "./identity-policy.ts";

/** The policy a stored document stands for. Version 1 has none: it is what holds from the start. */
export function policyOfDocument(version: number, body: string | null): IdentityPolicy {
  if (body === null) return { ...defaultPolicy, version };
  return { ...defaultPolicy, ...(JSON.parse(body) as Partial<IdentityPolicy>), version };
}
