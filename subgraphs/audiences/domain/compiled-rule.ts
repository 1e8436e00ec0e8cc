import { durationToMs } from "../../../kernel/time/duration.ts";
import type {
  AudienceRule,
  EventCondition,
  EventConditionType,
  PropertyCondition,
  ValueCondition,
} from "./audience-rule.ts";

/** A leaf that counts events. Satisfied when `atLeast <= count <= atMost`. */
export interface EventLeaf {
  kind: "event";
  /** See `factName`. */
  factName: string;
  atLeast: number;
  atMost: number;
  /** Null: ever. */
  windowMs: number | null;
  where: PropertyCondition[];
}

export interface TraitLeaf {
  kind: "trait";
  name: string;
  is: ValueCondition;
}

/** A rule made ready to run. */
export type Condition =
  | { kind: "all"; of: Condition[] }
  | { kind: "any"; of: Condition[] }
  | { kind: "not"; of: Condition }
  | EventLeaf
  | TraitLeaf;

/**
 * Under which name the facts of an event are kept: tracks by their name, pages and screens
 * together.
 */
export function factName(type: EventConditionType, name: string | null): string {
  if (type === "TRACK") return `T:${name ?? ""}`;
  return type === "PAGE" ? "P" : "S";
}

function compileEvent(event: EventCondition): EventLeaf {
  const type = event.type ?? "TRACK";
  const count = event.count ?? { atLeast: 1 };
  const where = [...(event.where ?? [])];
  if (type !== "TRACK" && event.name !== undefined) {
    where.unshift({ property: "name", is: { equals: event.name } });
  }
  return {
    kind: "event",
    factName: factName(type, event.name ?? null),
    atLeast: count.exactly ?? count.atLeast ?? 0,
    atMost: count.exactly ?? count.atMost ?? Number.POSITIVE_INFINITY,
    windowMs: event.within === undefined ? null : durationToMs(event.within),
    where,
  };
}

/** Turns a valid rule (see `parseRule`) into its runnable form. */
export function compileRule(rule: AudienceRule): Condition {
  if ("all" in rule) return { kind: "all", of: rule.all.map(compileRule) };
  if ("any" in rule) return { kind: "any", of: rule.any.map(compileRule) };
  if ("not" in rule) return { kind: "not", of: compileRule(rule.not) };
  if ("trait" in rule) return { kind: "trait", name: rule.trait.name, is: rule.trait.is };
  return compileEvent(rule.event);
}

/** Every leaf of a condition, from left to right. */
export function leavesOf(condition: Condition): (EventLeaf | TraitLeaf)[] {
  if (condition.kind === "all" || condition.kind === "any") return condition.of.flatMap(leavesOf);
  return condition.kind === "not" ? leavesOf(condition.of) : [condition];
}
