export type IdentifierKind = "PERSON" | "DEVICE" | "SESSION" | "ACCOUNT";

export const normaliserNames = ["EXACT", "TRIM", "LOWERCASE", "EMAIL", "PHONE"] as const;
export type NormaliserName = (typeof normaliserNames)[number];

/** How identifiers of one namespace take part in resolution. */
export interface NamespacePolicy {
  name: string;
  kind: IdentifierKind;
  /** 1 is the strongest; orders the identifiers of an event and finds a person's anchor. */
  priority: number;
  /** Two values of it are two persons, unless a human or an alias says otherwise: limit 1. */
  exclusive: boolean;
  /** Values one person may have; a join beyond it is refused. Null: any number. */
  limit: number | null;
  /**
   * The limit holds for values that were first seen within so long of each other (ISO 8601, `P7D`):
   * values that renew themselves, such as a browser's cookies. Null: it holds for ever.
   */
  limitWithin: string | null;
  normaliser: NormaliserName;
  /**
   * Values that never identify; `*` stands for any text. Beside the policy's own blocked values.
   */
  blockedValues: readonly string[];
  /** How sure an event is that names it beside another identifier, 0 to 1. */
  confidence: number;
}

/** The versioned document that decides, with the evidence and the decisions, who is one person. */
export interface IdentityPolicy {
  version: number;
  namespaces: readonly NamespacePolicy[];
  /** Values that identify nobody in any namespace, quoted or not, in any case. */
  blockedValues: readonly string[];
  /** Confidence from which evidence joins. */
  highFrom: number;
  /** Confidence from which evidence waits for a review. */
  mediumFrom: number;
  /**
   * An identifier that was seen with more persons' identifiers than this is generic (a kiosk, a
   * shop's own address) and joins nobody. Identifiers of exclusive namespaces never are.
   */
  genericAbove: number;
  /**
   * Ties of evidence that may hang together; beyond it the values that most others are tied to
   * become generic until what is left is within it.
   */
  componentEdgesMax: number;
  /** Region of phone numbers without a country code (ISO 3166 alpha-2); null: they are not read. */
  phoneRegion: string | null;
  /** Sources that own a trait, strongest first, by trait name. */
  traitOwners: Readonly<Record<string, readonly string[]>>;
}

/** The policy with its namespaces by name, for the hot path. */
export interface PolicyIndex {
  policy: IdentityPolicy;
  namespaces: ReadonlyMap<string, NamespacePolicy>;
}

export function indexPolicy(policy: IdentityPolicy): PolicyIndex {
  return { policy, namespaces: new Map(policy.namespaces.map((entry) => [entry.name, entry])) };
}

export type Band = "HIGH" | "MEDIUM" | "LOW";

/** HIGH joins, MEDIUM waits for a review, LOW is only kept. */
export function bandOf(confidence: number, policy: IdentityPolicy): Band {
  if (confidence >= policy.highFrom) return "HIGH";
  return confidence >= policy.mediumFrom ? "MEDIUM" : "LOW";
}
