import type { Decision } from "./decision.ts";
import type { Evidence } from "./evidence.ts";
import { factsUntil } from "./fact-history.ts";
import { type GoldenRecord, recordOf } from "./golden-record.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { nameGroups } from "./name-groups.ts";
import { compareStrength } from "./observation.ts";
import { partition, type Refusal } from "./partition.ts";
import type { KnownIdentifier } from "./person-state.ts";
import type { Component } from "./replan.ts";
import { confidenceFrom } from "./strongest-path.ts";

/** A person as one was at an instant. */
export interface PastPerson {
  id: string;
  createdAt: string;
  /** Those of persons first, then of devices, then of sessions; each with its confidence. */
  identifiers: readonly { identifier: KnownIdentifier; confidence: number }[];
  record: GoldenRecord;
}

/** Whom the past is asked about. */
export type PastQuestion = { id: string; key: null } | { id: null; key: string };

interface Group {
  id: string;
  keys: Set<string>;
}

/**
 * Who somebody was at an instant, as it is known today: the same function of evidence and decisions
 * as for the present, over what had happened by then (event time). So what came late counts for when
 * it happened. `decisions` are those in force at the instant.
 */
export function personAsOf(
  component: Component,
  decisions: readonly Decision[],
  at: string,
  question: PastQuestion,
  index: PolicyIndex,
): PastPerson | null {
  const identifiers = component.identifiers.filter(({ firstSeenAt }) => firstSeenAt <= at);
  const known = new Map(identifiers.map((each) => [each.key, each]));
  const evidence = component.evidence.filter(
    ({ low, high, firstSeenAt }) => firstSeenAt <= at && known.has(low) && known.has(high),
  );
  const generic = new Set(identifiers.filter((each) => each.generic).map(({ key }) => key));
  const inForce = decisions.map((decision) => among(decision, known));
  const parts = partition({ identifiers, evidence, decisions: inForce, generic }, index);
  const { groups, redirects } = named(component, parts.groups, known);
  handOver(groups, parts.refusals, evidence);
  const group = find(groups, redirects, question);
  return group && personOf(group, component, evidence, known, at, index);
}

function among(decision: Decision, known: ReadonlyMap<string, unknown>): Decision {
  const left = decision.left.filter((key) => known.has(key));
  return { ...decision, left, right: decision.right.filter((key) => known.has(key)) };
}

/** A group has the id it had, or the one it has come to. */
function named(
  component: Component,
  groups: Parameters<typeof nameGroups>[0]["groups"],
  identifiers: ReadonlyMap<string, KnownIdentifier>,
): { groups: Group[]; redirects: ReadonlyMap<string, string> } {
  const unnamed = "";
  const { ids, redirects } = nameGroups({
    groups,
    identifiers,
    persons: new Map(component.persons.map(({ id, createdAt }) => [id, createdAt])),
    retired: new Map(component.redirects.map((redirect) => [redirect.from, redirect])),
    preferredId: null,
    leaving: new Set(),
    undone: new Map(),
    newPersonId: () => unnamed,
  });
  const made = groups.map(({ keys }, place) => {
    const id = ids[place]!;
    return {
      id: id === unnamed ? (identifiers.get(keys[0]!)!.personId ?? "") : id,
      keys: new Set(keys),
    };
  });
  return { groups: made, redirects };
}

/**
 * A recycled identifier (a phone number given to somebody else) is refused to the second one for
 * good, but was theirs from when they were seen with it, if the first was not seen with it any more.
 */
function handOver(
  groups: readonly Group[],
  refusals: readonly Refusal[],
  evidence: readonly Evidence[],
): void {
  const groupOf = (key: string) => groups.find(({ keys }) => keys.has(key));
  const later = [...refusals]
    .filter(({ constraint }) => constraint !== "CANNOT_LINK")
    .sort((a, b) => (a.evidence.firstSeenAt < b.evidence.firstSeenAt ? -1 : 1));
  for (const { evidence: tie } of later) {
    for (const [key, peer] of [
      [tie.low, tie.high],
      [tie.high, tie.low],
    ] as const) {
      const [holder, taker] = [groupOf(key), groupOf(peer)];
      if (!holder || !taker || holder === taker || holder.keys.size === 1) continue;
      const own = evidence.filter(
        ({ low, high }) =>
          (low === key && holder.keys.has(high)) || (high === key && holder.keys.has(low)),
      );
      if (own.length === 0 || own.some(({ lastSeenAt }) => lastSeenAt >= tie.firstSeenAt)) continue;
      holder.keys.delete(key);
      taker.keys.add(key);
    }
  }
}

function find(
  groups: readonly Group[],
  redirects: ReadonlyMap<string, string>,
  { id, key }: PastQuestion,
): Group | null {
  if (key !== null) return groups.find(({ keys }) => keys.has(key)) ?? null;
  const asked = redirects.get(id) ?? id;
  return groups.find((group) => group.id === asked) ?? null;
}

const kindRanks: Readonly<Record<string, number>> = { PERSON: 0, DEVICE: 1, SESSION: 2 };

function personOf(
  { id, keys }: Group,
  component: Component,
  evidence: readonly Evidence[],
  known: ReadonlyMap<string, KnownIdentifier>,
  at: string,
  index: PolicyIndex,
): PastPerson {
  const own = [...keys].map((key) => known.get(key)!);
  const [anchor] = [...own].sort((a, b) => compareStrength(a, b, index));
  const ties = evidence.filter(({ low, high }) => keys.has(low) && keys.has(high));
  const sureness = confidenceFrom(anchor!.key, ties);
  const ordered = own
    .filter(({ seen }) => seen)
    .sort(
      (a, b) =>
        kindRanks[a.kind]! - kindRanks[b.kind]! ||
        (a.firstSeenAt < b.firstSeenAt ? -1 : a.firstSeenAt > b.firstSeenAt ? 1 : 0) ||
        (a.key < b.key ? -1 : 1),
    );
  const sheets = component.sheets.filter(({ key }) => keys.has(key));
  return {
    id,
    createdAt: own.map(({ firstSeenAt }) => firstSeenAt).reduce((a, b) => (a < b ? a : b)),
    identifiers: ordered.map((identifier) => ({
      identifier: {
        ...identifier,
        lastSeenAt: identifier.lastSeenAt < at ? identifier.lastSeenAt : at,
      },
      // A human's word alone ties it: nothing is surer.
      confidence: sureness.get(identifier.key) ?? 1,
    })),
    record: recordOf(
      sheets.flatMap((sheet) => factsUntil(sheet, at)),
      index.policy,
    ),
  };
}
