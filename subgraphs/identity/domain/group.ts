import type { Identifier } from "./normalise-identifier.ts";
import type { NamespacePolicy, PolicyIndex } from "./identity-policy.ts";

/**
 * What a join needs to know about a group, however large it is. Kept with the person, so that an
 * event need not load the group.
 */
export interface GroupSummary {
  size: number;
  /** Has an identifier of the kind PERSON. */
  known: boolean;
  /**
   * Values by limited namespace, whenever they were seen; values that are one by an alias or by
   * human word count once.
   */
  tally: Readonly<Record<string, number>>;
  /** Rank of the last edge that touches the group, refused ones included; "" when there is none. */
  lastRank: string;
  /** An edge between it and another group was refused: for review, not for resolution. */
  conflicted: boolean;
  /** A decision names one of its identifiers. */
  decided: boolean;
  /** Version of the policy under which all this is true; 0: of none. */
  policyVersion: number;
}

export interface Group extends GroupSummary {
  /** Ascending. */
  keys: readonly string[];
}

export type Constraint =
  | "CANNOT_LINK"
  | "EXCLUSIVE_NAMESPACE"
  | "NAMESPACE_LIMIT"
  | "SHARED_DEVICE"
  | "GENERIC_VALUE"
  | "LOW_CONFIDENCE";

export interface Obstacle {
  constraint: Constraint;
  /** The namespace whose limit would be broken, if that is what refuses. */
  namespace: string | null;
}

/** The group of one identifier that nothing is known about. */
export function loneGroup(identifier: Identifier, index: PolicyIndex): GroupSummary {
  const limited = (index.namespaces.get(identifier.namespace)?.limit ?? null) !== null;
  return {
    size: 1,
    known: identifier.kind === "PERSON",
    tally: limited ? { [identifier.namespace]: 1 } : {},
    lastRank: "",
    conflicted: false,
    decided: false,
    policyVersion: index.policy.version,
  };
}

/**
 * Two groups as one. Their limited values are distinct unless an alias or a human says otherwise.
 */
export function unionGroup(a: GroupSummary, b: GroupSummary): GroupSummary {
  const tally: Record<string, number> = { ...a.tally };
  for (const [name, count] of Object.entries(b.tally)) tally[name] = (tally[name] ?? 0) + count;
  return {
    size: a.size + b.size,
    known: a.known || b.known,
    tally,
    lastRank: a.lastRank > b.lastRank ? a.lastRank : b.lastRank,
    conflicted: a.conflicted || b.conflicted,
    decided: a.decided || b.decided,
    policyVersion: a.policyVersion === b.policyVersion ? a.policyVersion : 0,
  };
}

/** Whether a tally breaks a limit that holds for ever: whenever its values were first seen. */
export function breaksForEver(
  tally: Readonly<Record<string, number>>,
  index: PolicyIndex,
): boolean {
  const lasting = Object.entries(tally).filter(
    ([name]) => index.namespaces.get(name)?.limitWithin === null,
  );
  return brokenLimit(Object.fromEntries(lasting), index) !== null;
}

/**
 * The limit that a tally breaks, exclusive namespaces first, then the strongest; null when it keeps
 * all. In whatever order the tally came about.
 */
export function brokenLimit(
  tally: Readonly<Record<string, number>>,
  index: PolicyIndex,
): Obstacle | null {
  let broken: NamespacePolicy | null = null;
  for (const [name, count] of Object.entries(tally)) {
    const namespace = index.namespaces.get(name);
    if (!namespace || namespace.limit === null || count <= namespace.limit) continue;
    if (!broken || outranks(namespace, broken)) broken = namespace;
  }
  if (!broken) return null;
  const constraint = broken.exclusive ? "EXCLUSIVE_NAMESPACE" : "NAMESPACE_LIMIT";
  return { constraint, namespace: broken.name };
}

function outranks(one: NamespacePolicy, other: NamespacePolicy): boolean {
  if (one.exclusive !== other.exclusive) return one.exclusive;
  return one.priority < other.priority;
}
