import { compareText } from "./evidence.ts";
import { succeeds, withPast } from "./fact-history.ts";
import type { Fact, FactSheet, SheetFact } from "./fact.ts";
import type { IdentityPolicy } from "./identity-policy.ts";

/** What a person is taken to be: the winning fact of each trait. */
export type GoldenRecord = Readonly<Record<string, Fact>>;

/** Traits that one sheet may hold; further names are not kept. */
export const traitsMax = 500;

/**
 * Whether a fact beats another one of the same trait: the owner of the field first, then what was
 * verified, then event time; ties go by source, identifier and value, so that arrival order never
 * matters.
 */
export function beats(name: string, fact: Fact, other: Fact, policy: IdentityPolicy): boolean {
  const owners = Object.hasOwn(policy.traitOwners, name) ? policy.traitOwners[name]! : [];
  const order =
    ownerRank(owners, fact.source) - ownerRank(owners, other.source) ||
    Number(other.verified ?? false) - Number(fact.verified ?? false) ||
    compareText(other.at, fact.at) ||
    compareText(fact.source, other.source) ||
    compareText(fact.key, other.key) ||
    compareText(JSON.stringify(other.value), JSON.stringify(fact.value));
  return order < 0;
}

function ownerRank(owners: readonly string[], source: string): number {
  const place = owners.indexOf(source);
  return place < 0 ? owners.length : place;
}

/**
 * A record with more facts in it, and the traits whose values that changed, in the order of the
 * facts.
 */
export function addToRecord(
  record: GoldenRecord,
  facts: Readonly<Record<string, Fact>>,
  policy: IdentityPolicy,
): { record: GoldenRecord; changed: string[] } {
  const next: Record<string, Fact> = { ...record };
  const changed: string[] = [];
  for (const [name, fact] of Object.entries(facts)) {
    const before = textOf(next, name);
    if (offer(next, name, fact, policy) && textOf(next, name) !== before) changed.push(name);
  }
  return { record: next, changed };
}

/** The record that the sheets of a person's identifiers make. */
export function recordOf(sheets: readonly FactSheet[], policy: IdentityPolicy): GoldenRecord {
  const record: Record<string, Fact> = {};
  for (const { key, source, facts } of sheets) {
    for (const [name, { was: _, ...fact }] of Object.entries(facts)) {
      offer(record, name, { ...fact, source, key }, policy);
    }
  }
  return record;
}

function offer(
  record: Record<string, Fact>,
  name: string,
  fact: Fact,
  policy: IdentityPolicy,
): boolean {
  const known = Object.hasOwn(record, name) ? record[name] : undefined;
  if (known && !beats(name, fact, known, policy)) return false;
  define(record, name, fact);
  return true;
}

/** A trait may be called `__proto__`; it is a name like any other. */
function define<T>(record: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(record, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** The facts that an observation adds to a record, by trait; nulls and undefined say nothing. */
export function factsOf(
  traits: Readonly<Record<string, unknown>>,
  origin: { at: string; source: string; key: string },
): Record<string, Fact> {
  const facts: Record<string, Fact> = {};
  for (const [name, value] of Object.entries(traits)) {
    if (value === null || value === undefined) continue;
    const verified = isVerified(traits, name) ? ({ verified: true } as const) : {};
    define(facts, name, { value, ...origin, ...verified });
  }
  return facts;
}

function isVerified(traits: Readonly<Record<string, unknown>>, name: string): boolean {
  return [`${name}_verified`, `${name}Verified`].some(
    (mark) => Object.hasOwn(traits, mark) && traits[mark] === true,
  );
}

/** The sheet with newer facts in it; the same object when they change nothing. */
export function addFacts(
  sheet: FactSheet,
  facts: Readonly<Record<string, Fact>>,
  policy: IdentityPolicy,
) {
  let changed: Record<string, SheetFact> | null = null;
  for (const [name, fact] of Object.entries(facts)) {
    const known = Object.hasOwn(sheet.facts, name) ? sheet.facts[name] : undefined;
    const { key, source } = sheet;
    const isNew = known
      ? beats(name, fact, { ...known, key, source }, policy)
      : Object.keys(changed ?? sheet.facts).length < traitsMax;
    const next = known ? (isNew ? succeeds(fact, known) : withPast(known, fact)) : fact;
    if (next === known || (!known && !isNew)) continue;
    changed ??= { ...sheet.facts };
    const { value, at, verified, was } = next as SheetFact;
    define(changed, name, { value, at, ...(verified && { verified }), ...(was && { was }) });
  }
  return changed ? { ...sheet, facts: changed } : sheet;
}

/** Names of the traits whose values differ, ascending. */
export function changedTraits(before: GoldenRecord, after: GoldenRecord): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => textOf(before, name) !== textOf(after, name))
    .sort(compareText);
}

/** Undefined when there is no such trait. */
function textOf(record: GoldenRecord, name: string): string | undefined {
  return Object.hasOwn(record, name) ? JSON.stringify(record[name]!.value) : undefined;
}
