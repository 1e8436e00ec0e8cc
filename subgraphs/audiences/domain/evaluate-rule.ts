import type { Condition } from "./compiled-rule.ts";
import { type EventHistory, judgeLeaf, type Verdict } from "./event-history.ts";
import { meetsCondition } from "./value-condition.ts";

/** What is known of a person. */
export interface PersonFacts {
  traits: Readonly<Record<string, unknown>>;
  /** By fact name; a missing name has no events. */
  events: ReadonlyMap<string, EventHistory>;
}

/** Whether a person is a member, and the earliest instant at which that may change by itself. */
export interface Evaluation {
  isMember: boolean;
  changesAtMs: number | null;
}

const noEvents: EventHistory = { facts: [], knownUntilMs: Number.POSITIVE_INFINITY };

function earliest(verdicts: readonly Verdict[]): number | null {
  let found: number | null = null;
  for (const { changesAtMs: at } of verdicts) {
    if (at !== null && (found === null || at < found)) found = at;
  }
  return found;
}

/** The last of them; null when one never changes. */
function latest(verdicts: readonly Verdict[]): number | null {
  let found = Number.NEGATIVE_INFINITY;
  for (const { changesAtMs: at } of verdicts) {
    if (at === null) return null;
    found = Math.max(found, at);
  }
  return found;
}

/**
 * `all` stays true until the first part changes; it stays false while one false part stays false,
 * so not before the last of those has changed. `any` is its mirror.
 */
function judgeGroup(verdicts: readonly Verdict[], decisive: boolean): Verdict {
  const deciding = verdicts.filter((verdict) => verdict.holds === decisive);
  if (deciding.length > 0) return { holds: decisive, changesAtMs: latest(deciding) };
  return { holds: !decisive, changesAtMs: earliest(verdicts) };
}

function traitValues(traits: Readonly<Record<string, unknown>>, name: string): unknown[] {
  return Object.hasOwn(traits, name) ? [traits[name]] : [];
}

function judge(condition: Condition, facts: PersonFacts, nowMs: number): Verdict {
  switch (condition.kind) {
    case "all":
      return judgeGroup(
        condition.of.map((part) => judge(part, facts, nowMs)),
        false,
      );
    case "any":
      return judgeGroup(
        condition.of.map((part) => judge(part, facts, nowMs)),
        true,
      );
    case "not": {
      const { holds, changesAtMs } = judge(condition.of, facts, nowMs);
      return { holds: !holds, changesAtMs };
    }
    case "trait":
      return {
        holds: meetsCondition(traitValues(facts.traits, condition.name), condition.is),
        changesAtMs: null,
      };
    case "event":
      return judgeLeaf(condition, facts.events.get(condition.factName) ?? noEvents, nowMs);
  }
}

/** Pure: the same rule, facts and instant (epoch ms) give the same answer. */
export function evaluateRule(rule: Condition, facts: PersonFacts, nowMs: number): Evaluation {
  const { holds, changesAtMs } = judge(rule, facts, nowMs);
  return { isMember: holds, changesAtMs };
}

/**
 * What is left to ask once the traits are known: a constant, or a condition over events alone.
 * Saves reading the events of people whom a trait already decides.
 */
export function withTraits(
  condition: Condition,
  traits: Readonly<Record<string, unknown>>,
): Condition | boolean {
  switch (condition.kind) {
    case "event":
      return condition;
    case "trait":
      return meetsCondition(traitValues(traits, condition.name), condition.is);
    case "not": {
      const inner = withTraits(condition.of, traits);
      return typeof inner === "boolean" ? !inner : { kind: "not", of: inner };
    }
    default: {
      const decisive = condition.kind === "any";
      const left: Condition[] = [];
      for (const part of condition.of) {
        const reduced = withTraits(part, traits);
        if (reduced === decisive) return decisive;
        if (typeof reduced !== "boolean") left.push(reduced);
      }
      return left.length === 0 ? !decisive : { kind: condition.kind, of: left };
    }
  }
}
