import { type Condition, type EventLeaf, leavesOf } from "./compiled-rule.ts";
import { factsThatMatter } from "./event-history.ts";
import { evaluateRule } from "./evaluate-rule.ts";

/** Which facts can change a rule's answer. */
export interface RuleReferences {
  factNames: ReadonlySet<string>;
  traits: ReadonlySet<string>;
  /** Whether somebody of whom nothing is known is a member (`not event`). */
  holdsForNobodyKnown: boolean;
}

export function referencesOf(rule: Condition): RuleReferences {
  const leaves = leavesOf(rule);
  return {
    factNames: new Set(leaves.flatMap((leaf) => (leaf.kind === "event" ? [leaf.factName] : []))),
    traits: new Set(leaves.flatMap((leaf) => (leaf.kind === "trait" ? [leaf.name] : []))),
    holdsForNobodyKnown: evaluateRule(rule, { traits: {}, events: new Map() }, 0).isMember,
  };
}

/** Whether who meets the rule tells values: of traits, or of properties of events. */
export function testsValues(rule: Condition): boolean {
  return leavesOf(rule).some((leaf) => leaf.kind === "trait" || leaf.where.length > 0);
}

/** How much of the events of one name a rule needs. */
export interface HistoryNeed {
  factName: string;
  /** How far back; null: without end. */
  windowMs: number | null;
  /** The newest so many past events decide. */
  newest: number;
  /** The leaves that look at properties; empty: the instants are enough. */
  filters: EventLeaf[];
  /** Whether a leaf counts them all, whatever their properties. */
  hasPlainLeaf: boolean;
}

function mergeLeaf(needs: Map<string, HistoryNeed>, leaf: EventLeaf): void {
  const known = needs.get(leaf.factName);
  const need: HistoryNeed = known ?? {
    factName: leaf.factName,
    windowMs: 0,
    newest: 0,
    filters: [],
    hasPlainLeaf: false,
  };
  const endless = need.windowMs === null || leaf.windowMs === null;
  need.windowMs = endless ? null : Math.max(need.windowMs!, leaf.windowMs!);
  need.newest = Math.max(need.newest, factsThatMatter(leaf));
  if (leaf.where.length > 0) need.filters.push(leaf);
  else need.hasPlainLeaf = true;
  needs.set(leaf.factName, need);
}

/** What to read for one person, one need for each name of event, over all conditions given. */
export function historyNeeds(conditions: readonly Condition[]): Map<string, HistoryNeed> {
  const needs = new Map<string, HistoryNeed>();
  for (const leaf of conditions.flatMap(leavesOf)) {
    if (leaf.kind === "event") mergeLeaf(needs, leaf);
  }
  return needs;
}
