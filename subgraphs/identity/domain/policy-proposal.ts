import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { IdentityPolicy, NamespacePolicy } from "./identity-policy.ts";
import {
  type Fault,
  type FieldReader,
  isRecord,
  listed,
  readFields,
  readList,
  readers,
} from "./policy-fields.ts";
import { readNamespace } from "./policy-namespace.ts";

type Path = readonly (string | number)[];

const namespacesMax = 200;
const blockedValuesMax = 10_000;

const policyFields: Readonly<Record<string, FieldReader>> = {
  namespaces: readers.list(namespacesMax),
  blockedValues: readers.patterns(blockedValuesMax),
  unblockedValues: readers.patterns(blockedValuesMax),
  highFrom: readers.share,
  mediumFrom: readers.share,
  genericAbove: readers.integer(1, 1_000_000),
  componentEdgesMax: readers.integer(10, 200_000),
  phoneRegion: readers.nullable(readers.region),
  traitOwners: readers.traitOwners,
};

export type Proposal =
  | { policy: IdentityPolicy; problems: [] }
  | { policy: null; problems: Problem[] };

/**
 * The base with what a sparse document says otherwise. Namespaces are merged by name, blocked
 * values are added to those of the base (`unblockedValues` takes some away), everything else
 * replaces. Nothing is guessed: what cannot be understood is a problem with its path.
 */
export function proposePolicy(base: IdentityPolicy, document: unknown, version: number): Proposal {
  const root: Path = ["policy"];
  if (!isRecord(document) || Object.keys(document).length === 0) {
    return refusedBy([[root, "POLICY_EMPTY", "Say what should be otherwise, as an object."]]);
  }
  const faults: Fault[] = [];
  const said = readFields(document, policyFields, root, faults);
  const namespaces = readList(said.namespaces).flatMap((each, place) => {
    const read = readNamespace(base, each, [...root, "namespaces", place], faults);
    return read ? [read] : [];
  });
  namespaces.forEach(({ name }, place) => {
    if (namespaces.findIndex((each) => each.name === name) === place) return;
    const text = `The namespace ${name} stands twice in the document.`;
    faults.push([[...root, "namespaces", place, "name"], "NAMESPACE_TWICE", text]);
  });
  if (faults.length > 0) return refusedBy(faults);
  const { namespaces: _, blockedValues, unblockedValues, ...rest } = said;
  const policy: IdentityPolicy = {
    ...base,
    ...rest,
    version,
    blockedValues: listed(base.blockedValues, blockedValues, unblockedValues),
    namespaces: ordered(base.namespaces, namespaces),
  };
  const whole = faultsOfWhole(policy);
  return whole.length > 0 ? refusedBy(whole) : { policy, problems: [] };
}

function refusedBy(faults: readonly Fault[]): Proposal {
  return {
    policy: null,
    problems: faults.map(([path, code, message]) => problem(code, message, [...path])),
  };
}

function faultsOfWhole(policy: IdentityPolicy): Fault[] {
  const faults: Fault[] = [];
  if (policy.mediumFrom > policy.highFrom) {
    const text = `mediumFrom (${policy.mediumFrom}) lies above highFrom (${policy.highFrom}).`;
    faults.push([["policy", "mediumFrom"], "THRESHOLDS_CROSSED", text]);
  }
  if (policy.namespaces.length > namespacesMax) {
    const text = `A policy has at most ${namespacesMax} namespaces.`;
    faults.push([["policy", "namespaces"], "TOO_MANY", text]);
  }
  const blocked = policy.namespaces.reduce(
    (count, { blockedValues }) => count + blockedValues.length,
    policy.blockedValues.length,
  );
  if (blocked > blockedValuesMax) {
    const text = `A policy has at most ${blockedValuesMax} blocked values.`;
    faults.push([["policy", "blockedValues"], "TOO_MANY", text]);
  }
  return faults;
}

/** In order of priority, numbered anew: who was given a place comes before who had it. */
function ordered(
  base: readonly NamespacePolicy[],
  changed: readonly (NamespacePolicy & { isMoved: boolean })[],
): NamespacePolicy[] {
  const byName = new Map(changed.map((each) => [each.name, each]));
  const known = base.map((each) => byName.get(each.name) ?? { ...each, isMoved: false });
  const names = new Set(base.map(({ name }) => name));
  const all = [...known, ...changed.filter(({ name }) => !names.has(name))];
  return all
    .map((each, place) => ({ each, place }))
    .sort(
      (a, b) =>
        a.each.priority - b.each.priority ||
        Number(b.each.isMoved) - Number(a.each.isMoved) ||
        a.place - b.place,
    )
    .map(({ each: { isMoved: _, ...namespace } }, place) => ({
      ...namespace,
      priority: place + 1,
    }));
}
