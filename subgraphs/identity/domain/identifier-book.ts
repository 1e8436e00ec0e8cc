import { edgeRank, reachOf } from "./edge-rank.ts";
import { type Evidence, evidenceRules, unionOf } from "./evidence.ts";
import { isClaim } from "./generic-values.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import type { Identifier } from "./normalise-identifier.ts";
import type { Observation } from "./observation.ts";
import type { KnownIdentifier } from "./person-state.ts";

const sourcesMax = 20;

/** Nobody named it before; nobody named it so early; neither. */
export type Sight = "NEW" | "EARLIER" | "KNOWN";

/** The identifiers that a batch touches, and which of them have changed. */
export class IdentifierBook {
  private readonly identifiers = new Map<string, KnownIdentifier>();
  private readonly changed = new Set<string>();
  private readonly index: PolicyIndex;

  constructor(known: readonly KnownIdentifier[], index: PolicyIndex) {
    this.index = index;
    for (const identifier of known) this.identifiers.set(identifier.key, identifier);
  }

  has(key: string): boolean {
    return this.identifiers.has(key);
  }

  get(key: string): KnownIdentifier {
    return this.identifiers.get(key)!;
  }

  /** New and changed ones. */
  *changes(): Iterable<KnownIdentifier> {
    for (const key of this.changed) yield this.identifiers.get(key)!;
  }

  /** Notes that an observation names the identifier, and says what is new about that. */
  see(identifier: Identifier, observation: Observation): Sight {
    const { at, source, claimed } = observation;
    const isSeen = !claimed.has(identifier.key);
    const known = this.identifiers.get(identifier.key);
    if (!known) {
      this.set(newIdentifier(identifier, isSeen, observation));
      return "NEW";
    }
    const sources = unionOf(known.sources, [source], sourcesMax);
    const isEarlier = at < known.firstSeenAt;
    const isLater = at > known.lastSeenAt;
    if (isEarlier || isLater || sources !== known.sources || (isSeen && !known.seen)) {
      this.set({
        ...known,
        firstSeenAt: isEarlier ? at : known.firstSeenAt,
        lastSeenAt: isLater ? at : known.lastSeenAt,
        sources,
        seen: known.seen || isSeen,
      });
    }
    return isEarlier ? "EARLIER" : "KNOWN";
  }

  /** The person id is the identifiers' own from now on. */
  give(keys: readonly string[], originId: string): void {
    for (const key of keys) this.set({ ...this.get(key), originId });
  }

  /** What changes about a profile when the identifiers come to it. */
  profileKinds(keys: readonly string[]): string[] {
    const kinds = new Set(keys.map((key) => this.get(key).kind));
    return [
      ...(kinds.has("PERSON") || kinds.has("DEVICE") ? ["IDENTIFIERS"] : []),
      ...(kinds.has("DEVICE") ? ["DEVICES"] : []),
    ];
  }

  /**
   * Counts a tie on both ends (`by` 1), or no more (-1); true when one of them has become generic
   * by it, or is no longer.
   */
  claim({ low, high }: Evidence, by: 1 | -1): boolean {
    const one = this.claimOf(low, high, by);
    const other = this.claimOf(high, low, by);
    return one || other;
  }

  /** Whether the tie, by itself, joins its two. */
  mayJoin({ low, high, confidence }: Evidence): boolean {
    const isGeneric = this.get(low).generic || this.get(high).generic;
    return confidence >= this.index.policy.highFrom && !isGeneric;
  }

  /** Whether the tie says that its two are the same id. */
  isAlias({ rule, low, high }: Evidence): boolean {
    return rule === evidenceRules.alias && this.get(low).namespace === this.get(high).namespace;
  }

  reachOf({ low, high }: Evidence): 0 | 1 | 2 {
    return reachOf(this.get(low).kind, this.get(high).kind);
  }

  /** In the order in which a partition takes them. */
  strongestFirst(ties: readonly Evidence[]): Evidence[] {
    const ranked = ties.map((tie) => ({ tie, rank: edgeRank(tie, this.reachOf(tie)) }));
    return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ tie }) => tie);
  }

  private claimOf(key: string, peer: string, by: 1 | -1): boolean {
    const identifier = this.get(key);
    if (!isClaim(identifier, this.get(peer), this.index)) return false;
    const claims = identifier.claims + by;
    const isMarked = identifier.genericCause !== undefined;
    const generic = isMarked || claims > this.index.policy.genericAbove;
    this.set({ ...identifier, claims, generic });
    return generic !== identifier.generic;
  }

  private set(identifier: KnownIdentifier): void {
    this.identifiers.set(identifier.key, identifier);
    this.changed.add(identifier.key);
  }
}

function newIdentifier(
  identifier: Identifier,
  seen: boolean,
  { at, source }: Observation,
): KnownIdentifier {
  return {
    ...identifier,
    personId: null,
    originId: null,
    firstSeenAt: at,
    lastSeenAt: at,
    sources: [source],
    seen,
    claims: 0,
    generic: false,
  };
}
