import { defaultPolicy } from "../domain/default-policy.ts";
import { indexPolicy, type IdentityPolicy, type PolicyIndex } from "../domain/identity-policy.ts";
import { IdentifierReader } from "../domain/normalise-identifier.ts";
import { policyOfDocument } from "../domain/policy-document.ts";
import type { PolicyFollower, PolicyStanding } from "../store/policy-follower.ts";

/**
 * The policy in force. Ask anew for each piece of work and hold on to the answer within it. Inside a
 * unit of work it is exactly the one in force there; outside, the newest this process knows of.
 */
export interface PolicyInForce {
  current(): PolicyIndex;
  /** Reads identifiers under the policy in force. */
  readonly identifiers: IdentifierReader;
}

/** A policy that never changes, for tests and tools. */
export function fixedPolicy(policy: IdentityPolicy = defaultPolicy): PolicyInForce {
  const index = indexPolicy(policy);
  return { current: () => index, identifiers: new IdentifierReader(policy) };
}

/** Follows what the store says is in force. */
export class FollowedPolicy implements PolicyInForce, PolicyFollower {
  private now = fixedPolicy();
  private activation = 0;

  current(): PolicyIndex {
    return this.now.current();
  }

  get identifiers(): IdentifierReader {
    return this.now.identifiers;
  }

  async follow(
    { version, activation }: PolicyStanding,
    readBody: (version: number) => Promise<string | null>,
  ): Promise<void> {
    if (activation <= this.activation) return;
    const body = await readBody(version);
    // An answer that was overtaken by a later one says nothing any more.
    if (activation <= this.activation) return;
    this.now = fixedPolicy(policyOfDocument(version, body));
    this.activation = activation;
  }
}
