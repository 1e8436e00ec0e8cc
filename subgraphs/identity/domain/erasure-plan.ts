import type { Evidence } from "./evidence.ts";
import type { FactSheet } from "./fact.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { compareStrength } from "./observation.ts";
import type { KnownIdentifier } from "./person-state.ts";

/** What somebody leaves behind on an identifier that others use too. */
export interface SharedIdentifier {
  identifier: KnownIdentifier;
  /** The stretch `[from, until)` in which it was the erased one's; null: since ever. */
  from: string | null;
  until: string;
}

export interface ErasurePlan {
  /** Nobody else's: they go with everything on them. */
  gone: KnownIdentifier[];
  shared: SharedIdentifier[];
}

/**
 * Which identifiers of an erased person go, and which stay because somebody else uses them: a
 * family's tablet, a mailbox of two. Of those the erased one's share goes: the ties to the erased
 * identifiers, and what happened while they were the last ones to have used it. What nothing but
 * being it ties to the person (its ties were refused, or a human said so) is the person: it goes.
 */
export function planErasure(
  own: readonly KnownIdentifier[],
  around: { identifiers: readonly KnownIdentifier[]; evidence: readonly Evidence[] },
  index: PolicyIndex,
): ErasurePlan {
  const ownKeys = new Set(own.map(({ key }) => key));
  const others = new Map(
    around.identifiers
      .filter(({ key, personId, generic }) => !ownKeys.has(key) && personId !== null && !generic)
      .map((each) => [each.key, each]),
  );
  const plan: ErasurePlan = { gone: [], shared: [] };
  for (const identifier of own) {
    const { key } = identifier;
    const ties = around.evidence.filter(
      ({ low, high, count }) => count > 0 && (low === key || high === key),
    );
    const peerOf = ({ low, high }: Evidence) => (low === key ? high : low);
    const foreign = ties.filter((tie) => {
      const peer = others.get(peerOf(tie));
      return peer !== undefined && showsUse(tie, identifier, peer, index);
    });
    const own = ties.filter((tie) => ownKeys.has(peerOf(tie)));
    if (foreign.length === 0 || own.length === 0) plan.gone.push(identifier);
    else plan.shared.push({ identifier, ...stretchOf(own, foreign) });
  }
  return plan;
}

/**
 * Whether a tie shows that the one behind `peer` uses `identifier`. Of the two ids of an event the
 * stronger stands for who it is about: who logs in on somebody else's tablet does not share his user
 * id by it. That a model finds two records alike shows no use.
 */
function showsUse(
  { method }: Evidence,
  identifier: KnownIdentifier,
  peer: KnownIdentifier,
  index: PolicyIndex,
): boolean {
  if (method !== "DETERMINISTIC") return false;
  const { namespace } = identifier;
  if (namespace === peer.namespace) return !index.namespaces.get(namespace)?.exclusive;
  return compareStrength(peer, identifier, index) < 0;
}

/** Who came first has what was there before; who came later has it until somebody else comes. */
function stretchOf(
  own: readonly Evidence[],
  foreign: readonly Evidence[],
): { from: string | null; until: string } {
  const first = (ties: readonly Evidence[]) =>
    ties.reduce((least, { firstSeenAt }) => (firstSeenAt < least ? firstSeenAt : least), "~");
  const last = (ties: readonly Evidence[]) =>
    ties.reduce((most, { lastSeenAt }) => (lastSeenAt > most ? lastSeenAt : most), "");
  const [ownFirst, foreignFirst] = [first(own), first(foreign)];
  if (ownFirst <= foreignFirst) return { from: null, until: foreignFirst };
  return { from: ownFirst, until: new Date(Date.parse(last(own)) + 1).toISOString() };
}

/** The facts of a shared identifier without those of the stretch; null: as they were. */
export function factsOutside(
  sheet: FactSheet,
  { from, until }: SharedIdentifier,
): FactSheet | null {
  const entries = Object.entries(sheet.facts);
  const kept = entries.filter(([, { at }]) => !((from === null || at >= from) && at < until));
  return kept.length === entries.length ? null : { ...sheet, facts: Object.fromEntries(kept) };
}
