import type {
  IdentifierMove,
  IdentityChangeKind,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Decision } from "./decision.ts";
import type { Evidence } from "./evidence.ts";
import { changedTraits, recordOf } from "./golden-record.ts";
import type { FactSheet } from "./fact.ts";
import type { Group } from "./group.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { nameGroups, type Undone } from "./name-groups.ts";
import { partition, type Refusal } from "./partition.ts";
import type { KnownIdentifier, PersonState } from "./person-state.ts";

/** Whole components as they are, with what hangs on them. */
export interface Component {
  identifiers: readonly KnownIdentifier[];
  evidence: readonly Evidence[];
  decisions: readonly Decision[];
  persons: readonly PersonState[];
  sheets: readonly FactSheet[];
  redirects: readonly { from: string; to: string; createdAt: string }[];
}

export interface PlannedChange {
  kind: IdentityChangeKind;
  /** Survivor, or the person that identifiers left, first. */
  personIds: readonly string[];
  moves: readonly IdentifierMove[];
  redirects: readonly { from: string; to: string }[];
}

/** How components differ from what evidence, decisions and policy say. */
export interface Replan {
  identifiers: readonly KnownIdentifier[];
  persons: readonly PersonState[];
  redirects: readonly { from: string; to: string; createdAt: string }[];
  changes: readonly PlannedChange[];
  profiles: readonly { personId: string; kinds: readonly string[]; traits: readonly string[] }[];
  /** Ties that a constraint refused. */
  refusals: readonly Refusal[];
  /** Person of each identifier, by key. */
  places: ReadonlyMap<string, string>;
}

export interface ReplanOptions {
  /** A human said which person a merge goes into. */
  preferredId: string | null;
  /** A human said which identifiers leave their person. */
  leaving: ReadonlySet<string>;
  /** The moves of a change that is taken back; else empty. */
  undone: Undone;
  newPersonId: () => string;
}

/** Partitions components anew and tells the difference. Pure, but for the ids handed in. */
export function replan(component: Component, index: PolicyIndex, options: ReplanOptions): Replan {
  const identifiers = new Map(component.identifiers.map((each) => [each.key, each]));
  const generic = component.identifiers.filter((each) => each.generic).map(({ key }) => key);
  const { groups, refusals } = partition({ ...component, generic: new Set(generic) }, index);
  const before = new Map(component.persons.map((person) => [person.id, person]));
  const retired = new Map(component.redirects.map((redirect) => [redirect.from, redirect]));
  const { ids, redirects } = nameGroups({
    groups,
    identifiers,
    persons: new Map(component.persons.map(({ id, createdAt }) => [id, createdAt])),
    retired,
    ...options,
  });
  const sheets = Map.groupBy(component.sheets, ({ key }) => key);
  const isNew = (id: string) => !before.has(id) && !retired.has(id);
  const placed = groups.flatMap(({ keys }, place) =>
    keys.map((key) => placeIn(ids[place]!, identifiers.get(key)!, isNew(ids[place]!))),
  );
  const persons = groups.map((group, place) =>
    personOf(ids[place]!, group, identifiers, sheets, index),
  );
  const finalRedirects = redirectsOf(component, redirects, before, ids);
  return {
    identifiers: placed.filter((each) => isMoved(identifiers.get(each.key)!, each)),
    persons,
    redirects: finalRedirects,
    changes: changesOf(identifiers, placed, before, finalRedirects),
    profiles: profilesOf(identifiers, placed, persons, before, finalRedirects),
    refusals,
    places: new Map(placed.map(({ key, personId }) => [key, personId!])),
  };
}

/** An id that is given for the first time is the identifier's own. */
function placeIn(id: string, identifier: KnownIdentifier, isNew: boolean): KnownIdentifier {
  const originId = isNew || identifier.originId === null ? id : identifier.originId;
  return { ...identifier, personId: id, originId };
}

function personOf(
  id: string,
  { keys, ...summary }: Group,
  identifiers: ReadonlyMap<string, KnownIdentifier>,
  sheets: ReadonlyMap<string, FactSheet[]>,
  index: PolicyIndex,
): PersonState {
  const own = keys.flatMap((key) => sheets.get(key) ?? []);
  const createdAt = keys
    .map((key) => identifiers.get(key)!.firstSeenAt)
    .reduce((a, b) => (a < b ? a : b));
  return { id, createdAt, record: recordOf(own, index.policy), ...summary };
}

function isMoved(before: KnownIdentifier, after: KnownIdentifier): boolean {
  return before.personId !== after.personId || before.originId !== after.originId;
}

/**
 * Persons that are no more, and retired ids that lead elsewhere than before: in one hop, those with
 * no identifier of their own as well.
 */
function redirectsOf(
  { redirects: known }: Component,
  redirects: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, PersonState>,
  ids: readonly string[],
): { from: string; to: string; createdAt: string }[] {
  const retired = new Map(known.map((redirect) => [redirect.from, redirect]));
  const followers = known.flatMap(({ from, to }): [string, string][] => {
    const next = redirects.get(to);
    return next === undefined || ids.includes(from) ? [] : [[from, next]];
  });
  return [...new Map([...followers, ...redirects])]
    .filter(([from, to]) => retired.get(from)?.to !== to)
    .map(([from, to]) => {
      const createdAt = before.get(from)?.createdAt ?? retired.get(from)!.createdAt;
      return { from, to, createdAt };
    });
}

function changesOf(
  identifiers: ReadonlyMap<string, KnownIdentifier>,
  placed: readonly KnownIdentifier[],
  before: ReadonlyMap<string, PersonState>,
  redirects: readonly { from: string; to: string }[],
): PlannedChange[] {
  const led = new Map(redirects.map(({ from, to }) => [from, to]));
  const byPath = new Map<string, IdentifierMove[]>();
  for (const { key, namespace, value, kind, personId } of placed) {
    const from = identifiers.get(key)!.personId;
    if (from === personId || kind === "ACCOUNT") continue;
    const path = `${from ?? ""} ${personId}`;
    byPath.set(path, [...(byPath.get(path) ?? []), { namespace, value, kind, from, to: personId }]);
  }
  return [...byPath.values()].map((moves) => {
    const { from, to } = moves[0]!;
    const isMerge = from !== null && led.get(from) === to;
    return {
      kind: kindOf(from, to!, isMerge, before),
      personIds: from === null ? [to!] : isMerge ? [to!, from] : [from, to!],
      moves,
      redirects: redirectsOfChange(from, to!, isMerge, before),
    };
  });
}

function kindOf(
  from: string | null,
  to: string,
  isMerge: boolean,
  before: ReadonlyMap<string, PersonState>,
): IdentityChangeKind {
  if (from === null) return before.has(to) ? "LINK" : "CREATE";
  if (isMerge) return "MERGE";
  return before.has(to) ? "UNLINK" : "SPLIT";
}

/** A merge retires an id; an id that names somebody again is listed with itself. */
function redirectsOfChange(
  from: string | null,
  to: string,
  isMerge: boolean,
  before: ReadonlyMap<string, PersonState>,
): { from: string; to: string }[] {
  if (isMerge) return [{ from: from!, to }];
  return from !== null && !before.has(to) ? [{ from: to, to }] : [];
}

function profilesOf(
  identifiers: ReadonlyMap<string, KnownIdentifier>,
  placed: readonly KnownIdentifier[],
  persons: readonly PersonState[],
  before: ReadonlyMap<string, PersonState>,
  redirects: readonly { from: string; to: string }[],
): { personId: string; kinds: string[]; traits: string[] }[] {
  const kinds = new Map(persons.map(({ id }) => [id, new Set<string>()]));
  const note = (id: string | null, kind: string) => void (id && kinds.get(id)?.add(kind));
  for (const { key, kind, personId } of placed) {
    const from = identifiers.get(key)!.personId;
    if (from === personId) continue;
    if (!before.has(personId!)) note(personId, "CREATED");
    if (kind !== "SESSION") note(personId, "IDENTIFIERS");
    if (kind === "DEVICE") note(personId, "DEVICES");
    if (from !== null && kinds.has(from))
      for (const lost of ["SPLIT", "IDENTIFIERS"]) note(from, lost);
  }
  for (const { from, to } of redirects) if (before.has(from)) note(to, "MERGED");
  return persons.flatMap(({ id, record }) => {
    const traits = changedTraits(before.get(id)?.record ?? {}, record);
    if (traits.length > 0) note(id, "TRAITS");
    const own = [...kinds.get(id)!];
    return own.length > 0 ? [{ personId: id, kinds: own, traits }] : [];
  });
}
