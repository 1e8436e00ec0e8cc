import type { Evidence } from "./evidence.ts";
import { isClaim } from "./generic-values.ts";
import type { NamespacePolicy, PolicyIndex } from "./identity-policy.ts";
import { type IdentifierReader, readerOf } from "./normalise-identifier.ts";
import type { GenericCause, KnownIdentifier } from "./person-state.ts";

/** The part of a component that the policy has a say in. */
export interface Readable {
  identifiers: readonly KnownIdentifier[];
  evidence: readonly Evidence[];
}

/** Whole components as the policy reads them, and the rows it reads otherwise than before. */
export interface Reread {
  identifiers: readonly KnownIdentifier[];
  evidence: readonly Evidence[];
  changed: {
    identifiers: readonly KnownIdentifier[];
    evidence: readonly Evidence[];
  };
}

/**
 * What the policy makes of identifiers and evidence that were taken in under an earlier one: which
 * values identify nobody, which are generic, how sure evidence is. `component` has all evidence of
 * each of its identifiers. Under one policy it changes nothing.
 */
export function reread(component: Readable, index: PolicyIndex): Reread {
  const reader = readerOf(index);
  const claims = claimsOf(component, index);
  const changed: { identifiers: KnownIdentifier[]; evidence: Evidence[] } = {
    identifiers: [],
    evidence: [],
  };
  const identifiers = component.identifiers.map((each) => {
    const now = rereadIdentifier(each, claims.get(each.key) ?? 0, index, reader);
    if (now !== each) changed.identifiers.push(now);
    return now;
  });
  const evidence = component.evidence.map((each) => {
    const now = rereadEvidence(each, index);
    if (now !== each) changed.evidence.push(now);
    return now;
  });
  return { identifiers, evidence, changed };
}

/**
 * How sure deterministic evidence is follows from its two namespaces alone; what nobody says any
 * more (count 0) stays withdrawn.
 */
export function rereadEvidence(evidence: Evidence, index: PolicyIndex): Evidence {
  if (evidence.method !== "DETERMINISTIC" || evidence.count === 0) return evidence;
  const [low, high] = [evidence.low, evidence.high].map((key) => namespaceOfKey(key, index));
  if (!low || !high) return evidence;
  const confidence = Math.min(low.confidence, high.confidence);
  return confidence === evidence.confidence ? evidence : { ...evidence, confidence };
}

function rereadIdentifier(
  identifier: KnownIdentifier,
  claims: number,
  index: PolicyIndex,
  reader: IdentifierReader,
): KnownIdentifier {
  const cause = causeOf(identifier, reader);
  const generic = cause !== null || claims > index.policy.genericAbove;
  const { kind } = index.namespaces.get(identifier.namespace) ?? identifier;
  const isSame =
    claims === identifier.claims &&
    generic === identifier.generic &&
    kind === identifier.kind &&
    cause === (identifier.genericCause ?? null);
  if (isSame) return identifier;
  const { genericCause: _, ...rest } = identifier;
  const marked = cause === null ? {} : { genericCause: cause };
  return { ...rest, kind, claims, generic, ...marked };
}

/** Why a value identifies nobody, beside being claimed by too many. */
function causeOf(identifier: KnownIdentifier, reader: IdentifierReader): GenericCause | null {
  if (identifier.genericCause === "OVERSIZE_COMPONENT") return "OVERSIZE_COMPONENT";
  return reader.isIdentifying(identifier) ? null : "BLOCKED_VALUE";
}

function claimsOf({ identifiers, evidence }: Readable, index: PolicyIndex): Map<string, number> {
  const claims = new Map(identifiers.map(({ key }) => [key, 0]));
  for (const { low, high, count } of evidence) {
    // What nobody says any more claims nothing.
    if (count === 0) continue;
    for (const [key, peer] of [
      [low, high],
      [high, low],
    ] as const) {
      const known = claims.get(key);
      if (known !== undefined && isClaimOfKeys(key, peer, index)) claims.set(key, known + 1);
    }
  }
  return claims;
}

function isClaimOfKeys(key: string, peer: string, index: PolicyIndex): boolean {
  return isClaim({ namespace: namespaceName(key) }, { namespace: namespaceName(peer) }, index);
}

function namespaceOfKey(key: string, index: PolicyIndex): NamespacePolicy | undefined {
  return index.namespaces.get(namespaceName(key));
}

/** Of a key `namespace:value`; a namespace has no colon in its name. */
export function namespaceName(key: string): string {
  return key.slice(0, key.indexOf(":"));
}
