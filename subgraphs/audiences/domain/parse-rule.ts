import type { Problem } from "../../../kernel/errors/problem.ts";
import { durationToMs } from "../../../kernel/time/duration.ts";
import {
  type AudienceRule,
  type EventCondition,
  type EventConditionType,
  type EventCount,
  eventConditionTypes,
  ruleLimits,
} from "./audience-rule.ts";
import { parsePropertyCondition, parseValueCondition } from "./parse-value-condition.ts";
import { type RulePath, RuleProblems } from "./rule-problems.ts";

const kinds = ["all", "any", "not", "event", "trait"] as const;

class RuleReader {
  readonly problems = new RuleProblems();
  private nodes = 0;

  rule(input: unknown, path: RulePath, depth: number): AudienceRule | null {
    this.nodes += 1;
    if (depth > ruleLimits.depthMax) {
      this.problems.add("TOO_DEEP", `At most ${ruleLimits.depthMax} levels.`, path);
      return null;
    }
    if (this.nodes > ruleLimits.nodesMax) {
      if (this.nodes === ruleLimits.nodesMax + 1) {
        this.problems.add("TOO_LARGE", `At most ${ruleLimits.nodesMax} conditions.`, path);
      }
      return null;
    }
    const only = this.problems.onlyEntry(input, path, kinds);
    if (!only) return null;
    const [kind, value] = only;
    return this.node(kind as (typeof kinds)[number], value, [...path, kind], depth);
  }

  private node(
    kind: (typeof kinds)[number],
    value: unknown,
    path: RulePath,
    depth: number,
  ): AudienceRule | null {
    if (kind === "all" || kind === "any") {
      const parts = this.problems
        .list(value, path, ruleLimits.nodesMax)
        ?.map((part, index) => this.rule(part, [...path, index], depth + 1));
      if (!parts?.every((part) => part !== null)) return null;
      return kind === "all" ? { all: parts } : { any: parts };
    }
    if (kind === "not") {
      const inner = this.rule(value, path, depth + 1);
      return inner && { not: inner };
    }
    if (kind === "event") {
      const event = this.event(value, path);
      return event && { event };
    }
    return this.trait(value, path);
  }

  private trait(input: unknown, path: RulePath): AudienceRule | null {
    const fields = this.problems.object(input, path, ["name", "is"]);
    if (!fields) return null;
    const name = this.problems.name(fields.name, [...path, "name"]);
    const is = parseValueCondition(fields.is, [...path, "is"], this.problems);
    return name === null || is === null ? null : { trait: { name, is } };
  }

  private event(input: unknown, path: RulePath): EventCondition | null {
    const before = this.problems.found.length;
    const fields = this.problems.object(input, path, ["name", "type", "count", "within", "where"]);
    if (!fields) return null;
    const condition: EventCondition = {};
    const type = this.type(fields.type ?? "TRACK", [...path, "type"]);
    if ((fields.name ?? null) !== null || type === "TRACK") {
      condition.name = this.problems.name(fields.name, [...path, "name"]) ?? "";
    }
    if ((fields.type ?? null) !== null) condition.type = type;
    if ((fields.count ?? null) !== null) {
      condition.count = this.count(fields.count, [...path, "count"]);
    }
    if ((fields.within ?? null) !== null) {
      condition.within = this.window(fields.within, [...path, "within"]);
    }
    if ((fields.where ?? null) !== null) {
      condition.where = this.where(fields.where, [...path, "where"]);
    }
    return this.problems.found.length === before ? condition : null;
  }

  private type(input: unknown, path: RulePath): EventConditionType {
    const known = eventConditionTypes.find((type) => type === input);
    if (!known) {
      this.problems.add("INVALID_VALUE", `Must be ${eventConditionTypes.join(", ")}.`, path);
    }
    return known ?? "TRACK";
  }

  private window(input: unknown, path: RulePath): string {
    const ms = typeof input === "string" ? durationToMs(input) : null;
    if (ms === null || ms <= 0 || ms > ruleLimits.windowMsMax) {
      this.problems.add("INVALID_DURATION", "Must be a duration like PT24H or P7D.", path);
    }
    return String(input);
  }

  private where(input: unknown, path: RulePath): EventCondition["where"] & object {
    const entries = this.problems.list(input, path, ruleLimits.conditionsMax) ?? [];
    return entries
      .map((entry, index) => parsePropertyCondition(entry, [...path, index], this.problems))
      .filter((entry) => entry !== null);
  }

  private count(input: unknown, path: RulePath): EventCount {
    const fields = this.problems.object(input, path, ["atLeast", "atMost", "exactly"]);
    const given = Object.entries(fields ?? {}).filter(([, value]) => value !== null);
    for (const [name, value] of given) {
      const isFine = Number.isInteger(value) && Number(value) >= 0;
      if (!isFine || Number(value) > ruleLimits.countMax) {
        const message = `Must be a whole number from 0 to ${ruleLimits.countMax}.`;
        this.problems.add("INVALID_COUNT", message, [...path, name]);
      }
    }
    const count = Object.fromEntries(given) as EventCount;
    const isEmpty = fields !== null && given.length === 0;
    if (isEmpty || (count.exactly !== undefined && given.length > 1)) {
      this.problems.add("INVALID_COUNT", "Give atLeast, atMost, both, or exactly alone.", path);
    }
    if ((count.atLeast ?? 0) > (count.atMost ?? Number.POSITIVE_INFINITY)) {
      this.problems.add("INVALID_COUNT", "atLeast must not exceed atMost.", path);
    }
    return count;
  }
}

/** A rule that was read, or everything that is wrong with it (up to 50, each with its path). */
export type ParsedRule = { rule: AudienceRule; problems: [] } | { rule: null; problems: Problem[] };

/**
 * Reads a rule from what a client sent. The result is canonical: fields in one order, nothing
 * absent or null, values as given; so equal rules are equal texts.
 */
export function parseRule(input: unknown, path: RulePath = ["rule"]): ParsedRule {
  const reader = new RuleReader();
  const rule = reader.rule(input, path, 1);
  if (rule && reader.problems.found.length === 0) return { rule, problems: [] };
  return { rule: null, problems: reader.problems.found };
}
