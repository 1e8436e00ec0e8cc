import type { IdentifierMove } from "../../../kernel/announcements/identity-announcements.ts";
import type { Evidence } from "./evidence.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { type Component, type PlannedChange, replan } from "./replan.ts";
import { reread } from "./reread.ts";
import { reasonOfMerge, reasonOfParting } from "./simulation-reasons.ts";

export interface SimulatedChange {
  kind: PlannedChange["kind"];
  /** Present persons that it is about. */
  personIds: string[];
  reason: string;
}

/** What a policy would make of whole components. */
export interface Simulated {
  personsBefore: number;
  personsAfter: number;
  changes: SimulatedChange[];
  /** Persons that would be others: their identifiers as they are and as they would be, by id. */
  before: Map<string, string[]>;
  after: Map<string, string[]>;
  /** Persons that would be part of another one. */
  redirects: Map<string, string>;
}

/** The same recomputation as an activation does, on paper. Pure. */
export function simulate(component: Component, index: PolicyIndex): Simulated {
  const read = reread(component, index);
  const now = { ...component, ...read };
  let serial = 0;
  const newPersonId = () => {
    serial += 1;
    return `new ${serial}`;
  };
  const plan = replan(now, index, {
    preferredId: null,
    leaving: new Set(),
    undone: new Map(),
    newPersonId,
  });
  const before = keysBy(component.identifiers.map(({ key, personId }) => [key, personId!]));
  const after = keysBy([...plan.places]);
  const changes = plan.changes.map((change) => ({
    kind: change.kind,
    personIds: change.personIds.filter((id) => !id.startsWith("new ")),
    reason: reasonOf(change, now, read.changed.identifiers, plan, index),
  }));
  const [personsBefore, personsAfter] = [before.size, after.size];
  for (const [id, keys] of before) {
    if (after.get(id)?.join() !== keys.join()) continue;
    before.delete(id);
    after.delete(id);
  }
  const redirects = new Map(plan.redirects.map(({ from, to }) => [from, to]));
  return { personsBefore, personsAfter, changes, before, after, redirects };
}

function keysBy(places: readonly (readonly [key: string, id: string])[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const [key, id] of places) keys.set(id, [...(keys.get(id) ?? []), key]);
  for (const own of keys.values()) own.sort();
  return keys;
}

function reasonOf(
  change: PlannedChange,
  component: Component,
  reread: Component["identifiers"],
  { refusals, places }: Pick<ReturnType<typeof replan>, "refusals" | "places">,
  index: PolicyIndex,
): string {
  const moved = new Set(change.moves.map((move) => keyOf(move)));
  const isAcross = ({ low, high }: Evidence) => moved.has(low) !== moved.has(high);
  const across = component.evidence.filter(isAcross);
  if (change.kind === "MERGE" || change.kind === "LINK") {
    return reasonOfMerge(across, places, index);
  }
  const [from] = change.personIds;
  const own = component.identifiers.filter(
    ({ key, personId }) => personId === from || moved.has(key),
  );
  const marked = own.filter((each) => each.generic && reread.includes(each));
  return reasonOfParting(
    marked,
    refusals.filter(({ evidence }) => isAcross(evidence)),
    across,
    index,
  );
}

function keyOf({ namespace, value }: IdentifierMove): string {
  return `${namespace}:${value}`;
}
