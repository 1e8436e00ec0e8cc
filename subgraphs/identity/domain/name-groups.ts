import { compareText } from "./evidence.ts";
import type { Group } from "./group.ts";
import type { KnownIdentifier } from "./person-state.ts";

/** Of a change that is taken back: whose identifiers were before and right after it, by key. */
export type Undone = ReadonlyMap<string, { from: string; to: string | null }>;

export interface NamingInput {
  groups: readonly Group[];
  /** As they were: the person they had, and the id that is their own. */
  identifiers: ReadonlyMap<string, KnownIdentifier>;
  /** Living persons of these identifiers: id and creation. */
  persons: ReadonlyMap<string, string>;
  /** Ids that redirect to one of the persons: which one, and their creation. */
  retired: ReadonlyMap<string, { to: string; createdAt: string }>;
  /** A human said which person a merge goes into. */
  preferredId: string | null;
  /** A human said which identifiers leave: the rest keeps the id that both parts had. */
  leaving: ReadonlySet<string>;
  /** The moves of a change that is taken back; else empty. */
  undone: Undone;
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
  const wins = winsOf(sharesOf(input), input);
  input.groups.forEach((_, place) => {
    give(place, survivorOf((wins.get(place) ?? []).filter(isFree), input));
  });
  const back = winsOf(homesOf(input), { ...input, leaving: new Set() });
  input.groups.forEach((_, place) => give(place, back.get(place)?.find(isFree)));
  const ids = names.map((name) => name ?? input.newPersonId());
  const redirects = new Map<string, string>();
  for (const held of [wins, back]) {
    for (const [place, won] of held) {
      for (const id of won) if (!ids.includes(id)) redirects.set(id, ids[place]!);
    }
  }
  return { ids, redirects };
}

/**
 * When a change is taken back, the ids that groups had before it. What it did not move, or what is
 * no more where it was moved to, has the person that it has; who stays as he is keeps his id.
 */
function formerNames(input: NamingInput): (string | undefined)[] {
  const { groups, identifiers, persons, retired, undone } = input;
  if (undone.size === 0) return groups.map(() => undefined);
  const present = (id: string | null) => (id === null ? null : (retired.get(id)?.to ?? id));
  const formerId = (key: string) => {
    const { personId } = identifiers.get(key)!;
    const move = undone.get(key);
    return move && present(move.to) === personId ? move.from : personId;
  };
  const names = unchangedNames(input);
  const taken = new Set(names);
  const createdAt = (id: string) => persons.get(id) ?? retired.get(id)?.createdAt;
  const claims: { id: string; place: number; count: number; isOwner: boolean }[] = [];
  groups.forEach(({ keys }, place) => {
    for (const [id, held] of Map.groupBy(keys, formerId)) {
      if (id === null || !createdAt(id)) continue;
      const isOwner = held.some((key) => identifiers.get(key)!.originId === id);
      claims.push({ id, place, count: held.length, isOwner });
    }
  });
  claims.sort(
    (a, b) =>
      Number(b.isOwner) - Number(a.isOwner) ||
      b.count - a.count ||
      compareText(createdAt(a.id)!, createdAt(b.id)!) ||
      compareText(a.id, b.id) ||
      a.place - b.place,
  );
  for (const { id, place } of claims) {
    if (!taken.has(id)) names[place] ??= id;
    taken.add(names[place]);
  }
  return names;
}

/** The ids of groups that are exactly a person of now. */
function unchangedNames({ groups, identifiers }: NamingInput): (string | undefined)[] {
  const sizes = new Map<string | null, number>();
  for (const { personId } of identifiers.values()) {
    sizes.set(personId, (sizes.get(personId) ?? 0) + 1);
  }
  return groups.map(({ keys }) => {
    const { personId } = identifiers.get(keys[0]!)!;
    const isAlone = keys.every((key) => identifiers.get(key)!.personId === personId);
    return isAlone && sizes.get(personId) === keys.length ? (personId ?? undefined) : undefined;
  });
}

/**
 * How much of an id a group holds: own identifiers of persons, own ones, others of persons, others.
 */
type Share = [number, number, number, number];
/** By id, how much of it each group (by place) holds. */
type Shares = Map<string, Map<number, Share>>;

/** For each group the ids of which it holds the greatest share, the greatest first. */
function winsOf(shares: Shares, input: NamingInput): Map<number, string[]> {
  const wins = new Map<number, { id: string; share: Share }[]>();
  for (const [id, places] of shares) {
    const best = [...places].sort((one, other) => compareClaims(one, other, input))[0];
    if (best) wins.set(best[0], [...(wins.get(best[0]) ?? []), { id, share: best[1] }]);
  }
  const createdAt = (id: string) => input.persons.get(id) ?? input.retired.get(id)!.createdAt;
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

/** What groups hold of the living. */
function sharesOf({ groups, identifiers, persons }: NamingInput): Shares {
  const shares = new Map([...persons.keys()].map((id) => [id, new Map<number, Share>()]));
  groups.forEach(({ keys }, place) => {
    for (const key of keys) {
      const { personId, originId, kind } = identifiers.get(key)!;
      const part = (kind === "PERSON" ? 0 : 1) + (originId === personId ? 0 : 2);
      if (personId !== null) count(shares.get(personId), place, part);
    }
  });
  return shares;
}

/** What groups hold of the retired: their own identifiers, among those that they lead to. */
function homesOf({ groups, identifiers, retired }: NamingInput): Shares {
  const shares = new Map([...retired.keys()].map((id) => [id, new Map<number, Share>()]));
  groups.forEach(({ keys }, place) => {
    const here = new Set(keys.map((key) => identifiers.get(key)!.personId));
    for (const key of keys) {
      const { originId, kind } = identifiers.get(key)!;
      const home = originId === null ? undefined : retired.get(originId);
      if (home && here.has(home.to)) count(shares.get(originId!), place, kind === "PERSON" ? 0 : 1);
    }
  });
  return shares;
}

function count(places: Map<number, Share> | undefined, place: number, part: number): void {
  if (!places) return;
  const share: Share = places.get(place) ?? [0, 0, 0, 0];
  share[part] = share[part]! + 1;
  places.set(place, share);
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
