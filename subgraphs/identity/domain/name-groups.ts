import { compareText } from "./evidence.ts";
import type { Group } from "./group.ts";
import type { KnownIdentifier } from "./person-state.ts";

export interface NamingInput {
  groups: readonly Group[];
  /** As they were: the person they had, and the id that is their own. */
  identifiers: ReadonlyMap<string, KnownIdentifier>;
  /** Living persons of these identifiers: id and creation. */
  persons: ReadonlyMap<string, string>;
  /** Ids that redirect to one of the persons, and their creation. */
  retired: ReadonlyMap<string, string>;
  /** A human said which person a merge goes into. */
  preferredId: string | null;
  /** A human said which identifiers leave: the rest keeps the id that both parts had. */
  leaving: ReadonlySet<string>;
  /** A change is taken back: the person that each identifier had before it, by key. */
  formerIds: ReadonlyMap<string, string>;
  newPersonId: () => string;
}

export interface Naming {
  /** Person id by group, in the order of `groups`. */
  ids: readonly string[];
  /** Ids that did not name a group, and to which group's person they lead now. */
  redirects: ReadonlyMap<string, string>;
}

/**
 * Gives each group the person id it mostly had. On a merge the preferred or older person survives;
 * a part that had an id of its own gets it back; only what never had one is named anew. Ids are
 * never reused.
 */
export function nameGroups(input: NamingInput): Naming {
  const names = formerNames(input);
  const taken = new Set(names);
  const give = (place: number, id: string | undefined) => {
    names[place] ??= id;
    taken.add(names[place]);
  };
  const isFree = (id: string) => !taken.has(id);
  const wins = winsOf([...input.persons.keys()], input);
  input.groups.forEach((_, place) => {
    give(place, survivorOf((wins.get(place) ?? []).filter(isFree), input));
  });
  const back = winsOf([...input.retired.keys()], { ...input, leaving: new Set() }, true);
  input.groups.forEach((_, place) => give(place, back.get(place)?.find(isFree)));
  const ids = names.map((name) => name ?? input.newPersonId());
  const redirects = new Map<string, string>();
  for (const held of [wins, homesOf(input)]) {
    for (const [place, won] of held) {
      for (const id of won) if (!ids.includes(id)) redirects.set(id, ids[place]!);
    }
  }
  return { ids, redirects };
}

/**
 * When a change is taken back, the ids that groups had before it: what it did not move has the
 * person that it had.
 */
function formerNames({ groups, identifiers, persons, retired, formerIds }: NamingInput) {
  const names = groups.map((): string | undefined => undefined);
  if (formerIds.size === 0) return names;
  const createdAt = (id: string) => persons.get(id) ?? retired.get(id);
  const claims: { id: string; place: number; count: number }[] = [];
  groups.forEach(({ keys }, place) => {
    const had = keys.map((key) => formerIds.get(key) ?? identifiers.get(key)!.personId);
    for (const [id, own] of Map.groupBy(had, (each) => each)) {
      if (id !== null && createdAt(id)) claims.push({ id, place, count: own.length });
    }
  });
  claims.sort(
    (a, b) =>
      b.count - a.count ||
      compareText(createdAt(a.id)!, createdAt(b.id)!) ||
      compareText(a.id, b.id) ||
      a.place - b.place,
  );
  const taken = new Set<string>();
  for (const { id, place } of claims) {
    if (!taken.has(id)) names[place] ??= id;
    if (names[place] === id) taken.add(id);
  }
  return names;
}

/** Where the own identifiers of ids are, whoever leaves. */
function homesOf(input: NamingInput): Map<number, string[]> {
  const ids = [...input.persons.keys(), ...input.retired.keys()];
  return winsOf(ids, { ...input, leaving: new Set() }, true);
}

/**
 * How much of an id a group holds: own identifiers of persons, own ones, others of persons, others.
 */
type Share = [number, number, number, number];

/** For each group the ids of which it holds the greatest share, the greatest first. */
function winsOf(
  ids: readonly string[],
  input: NamingInput,
  ownOnly = false,
): Map<number, string[]> {
  const shares = sharesOf(input, ownOnly);
  const wins = new Map<number, { id: string; share: Share }[]>();
  for (const id of ids) {
    const best = [...(shares.get(id) ?? [])].sort((one, other) =>
      compareClaims(one, other, input),
    )[0];
    if (best) wins.set(best[0], [...(wins.get(best[0]) ?? []), { id, share: best[1] }]);
  }
  const createdAt = (id: string) => input.persons.get(id) ?? input.retired.get(id)!;
  return new Map(
    [...wins].map(([place, won]) => {
      won.sort(
        (a, b) =>
          compareShares(b.share, a.share) ||
          compareText(createdAt(a.id), createdAt(b.id)) ||
          compareText(a.id, b.id),
      );
      return [place, won.map(({ id }) => id)];
    }),
  );
}

/** Which of two groups has the better claim to an id: its owner, who stays, the greater share. */
function compareClaims(
  [a, x]: [number, Share],
  [b, y]: [number, Share],
  input: NamingInput,
): number {
  const stays = (place: number) => !input.groups[place]!.keys.some((key) => input.leaving.has(key));
  return (
    Number(isOwner(y)) - Number(isOwner(x)) ||
    Number(stays(b)) - Number(stays(a)) ||
    compareShares(y, x) ||
    compareText(input.groups[a]!.keys[0]!, input.groups[b]!.keys[0]!)
  );
}

function sharesOf(
  { groups, identifiers }: NamingInput,
  ownOnly: boolean,
): Map<string, Map<number, Share>> {
  const shares = new Map<string, Map<number, Share>>();
  const count = (id: string | null, place: number, part: 0 | 1 | 2 | 3) => {
    if (id === null) return;
    const places = shares.get(id) ?? new Map<number, Share>();
    const share = places.get(place) ?? [0, 0, 0, 0];
    share[part] += 1;
    shares.set(id, places.set(place, share));
  };
  groups.forEach((group, place) => {
    for (const key of group.keys) {
      const { personId, originId, kind } = identifiers.get(key)!;
      const isPersons = kind === "PERSON";
      if (ownOnly || originId === personId) count(originId, place, isPersons ? 0 : 1);
      else count(personId, place, isPersons ? 2 : 3);
    }
  });
  return shares;
}

function isOwner(share: Share): boolean {
  return share[0] + share[1] > 0;
}

function compareShares(a: Share, b: Share): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

function survivorOf(ids: readonly string[], input: NamingInput): string | undefined {
  if (input.preferredId !== null && ids.includes(input.preferredId)) return input.preferredId;
  const createdAt = (id: string) => input.persons.get(id)!;
  return [...ids].sort((a, b) => compareText(createdAt(a), createdAt(b)) || compareText(a, b))[0];
}
