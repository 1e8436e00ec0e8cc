import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import type { AuditEntry } from "./audit-entry.ts";
import type { FactSheet } from "./fact.ts";
import type { KnownIdentifier } from "./person-state.ts";

/** A person's identifiers by what a change, which brought some of them in, made of them. */
export interface PartsByChange {
  /** It brought them in. */
  brought: KnownIdentifier[];
  /** They were there already. */
  present: KnownIdentifier[];
  /** They came later, or from elsewhere. */
  since: KnownIdentifier[];
}

/** Something that is not as it was, so that taking a change back does not bring the old state. */
export interface Drift {
  kind: "IDENTIFIERS_JOINED" | "IDENTIFIERS_GONE" | "EVIDENCE_SINCE" | "FACTS_SINCE";
  /** The identifiers concerned. */
  keys: string[];
  /** Traits about which facts came, ascending; else empty. */
  traits: string[];
}

/**
 * Where identifiers that moved since a change were right after it: `later` has all later entries
 * about the persons, oldest first. Null: it was nobody's yet.
 */
function leftSince(later: readonly AuditEntry[]): Map<string, string | null> {
  const places = new Map<string, string | null>();
  for (const { moves } of later) {
    for (const move of moves) {
      const key = identifierKey(move);
      if (!places.has(key)) places.set(key, move.from);
    }
  }
  return places;
}

/** Where identifiers were right after a change; what has not moved since is where it was. */
function placesAfter(
  later: readonly AuditEntry[],
  own: readonly KnownIdentifier[],
): Map<string, string | null> {
  const places = leftSince(later);
  for (const { key, personId } of own) if (!places.has(key)) places.set(key, personId);
  return places;
}

/** Sorts a person's identifiers by the change that brought some of them in. */
export function partsByChange(
  change: AuditEntry,
  later: readonly AuditEntry[],
  own: readonly KnownIdentifier[],
): PartsByChange {
  const moved = new Set(change.moves.map(identifierKey));
  const into = new Set(change.moves.map(({ to }) => to));
  const places = placesAfter(later, own);
  const parts: PartsByChange = { brought: [], present: [], since: [] };
  for (const identifier of own) {
    const { key } = identifier;
    if (moved.has(key)) parts.brought.push(identifier);
    else if (into.has(places.get(key) ?? null)) parts.present.push(identifier);
    else parts.since.push(identifier);
  }
  return parts;
}

/**
 * What has come and gone since a change, at the persons it was about: empty when taking it back
 * brings exactly what was. `own` are their identifiers now, `sheets` the facts of those.
 */
export function driftSince(
  change: AuditEntry,
  later: readonly AuditEntry[],
  own: readonly KnownIdentifier[],
  sheets: readonly FactSheet[],
): Drift[] {
  const about = new Set<string | null>(change.personIds);
  const moved = new Set(change.moves.map(identifierKey));
  const places = leftSince(later);
  const here = new Set(own.map(({ key }) => key));
  // What has not moved since was there already, whatever its person was called in the change.
  const joined = own
    .filter(({ key }) => !moved.has(key) && places.has(key) && !about.has(places.get(key)!))
    .map(({ key }) => key);
  const gone = [...places]
    .filter(([key, place]) => about.has(place) && !here.has(key))
    .map(([key]) => key);
  const facts = sheets
    .filter(({ key }) => here.has(key))
    .flatMap(({ key, facts: of }) =>
      Object.entries(of).flatMap(([name, { at }]) =>
        at > change.occurredAt ? [{ key, name }] : [],
      ),
    );
  const drifts: Drift[] = [
    { kind: "IDENTIFIERS_JOINED", keys: joined, traits: [] },
    { kind: "IDENTIFIERS_GONE", keys: gone, traits: [] },
    {
      kind: "FACTS_SINCE",
      keys: [...new Set(facts.map(({ key }) => key))],
      traits: [...new Set(facts.map(({ name }) => name))].sort(),
    },
  ];
  return drifts.filter(({ keys }) => keys.length > 0);
}

/**
 * What taking a change back did not put where it was, beside what has come and gone since:
 * evidence or decisions that came since hold it elsewhere. `undoing` is what it was taken back by.
 */
export function heldSince(
  change: AuditEntry,
  undoing: AuditEntry,
  drifts: readonly Drift[],
): Drift[] {
  const moved = new Map(change.moves.map((move) => [identifierKey(move), move.from]));
  const back = new Map(undoing.moves.map((move) => [identifierKey(move), move.to]));
  const known = new Set(
    drifts.filter(({ kind }) => kind !== "FACTS_SINCE").flatMap(({ keys }) => keys),
  );
  const isBack = (key: string, from: string | null) =>
    from === null ? back.has(key) : back.get(key) === from;
  const held = [...moved].filter(([key, from]) => !isBack(key, from)).map(([key]) => key);
  const astray = [...back.keys()].filter((key) => !moved.has(key));
  const keys = [...held, ...astray].filter((key) => !known.has(key)).sort();
  return keys.length === 0 ? [] : [{ kind: "EVIDENCE_SINCE", keys, traits: [] }];
}
