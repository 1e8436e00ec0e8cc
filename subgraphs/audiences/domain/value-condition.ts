import { isCalendarDay } from "../../../kernel/time/is-calendar-day.ts";
import type { Scalar, ValueCondition } from "./audience-rule.ts";

const instantPattern =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Epoch milliseconds of an ISO 8601 date or instant (UTC unless it says otherwise); null: not one.
 */
export function instantOf(value: unknown): number | null {
  if (typeof value !== "string" || !instantPattern.test(value) || !isCalendarDay(value))
    return null;
  const hasZone = /(?:Z|[+-]\d{2}:\d{2})$/.test(value) || !value.includes("T");
  const ms = Date.parse(hasZone ? value : `${value}Z`);
  return Number.isNaN(ms) ? null : ms;
}

function holds(value: unknown, parts: unknown): boolean {
  if (typeof value === "string") return typeof parts === "string" && value.includes(parts);
  return Array.isArray(value) && value.includes(parts);
}

function compares(value: unknown, test: (value: number) => boolean): boolean {
  return typeof value === "number" && test(value);
}

function isWithin(value: unknown, bound: string, test: (at: number, bound: number) => boolean) {
  const at = instantOf(value);
  const boundAt = instantOf(bound);
  return at !== null && boundAt !== null && test(at, boundAt);
}

function meets(value: unknown, condition: ValueCondition): boolean {
  if ("equals" in condition) return value === condition.equals;
  if ("in" in condition) return condition.in.includes(value as Scalar);
  if ("greaterThan" in condition) return compares(value, (it) => it > condition.greaterThan);
  if ("atLeast" in condition) return compares(value, (it) => it >= condition.atLeast);
  if ("lessThan" in condition) return compares(value, (it) => it < condition.lessThan);
  if ("atMost" in condition) return compares(value, (it) => it <= condition.atMost);
  if ("contains" in condition) return holds(value, condition.contains);
  if ("startsWith" in condition) {
    return typeof value === "string" && value.startsWith(condition.startsWith);
  }
  if ("before" in condition) return isWithin(value, condition.before, (at, bound) => at < bound);
  if ("after" in condition) return isWithin(value, condition.after, (at, bound) => at > bound);
  return false;
}

/**
 * Whether the values found (none: the property is absent; several: the path led through a list)
 * meet the condition: any one is enough. `notEquals` and `notIn` are the exact opposites of
 * `equals` and `in`, so an absent value meets them; null counts as absent.
 */
export function meetsCondition(values: readonly unknown[], condition: ValueCondition): boolean {
  if ("exists" in condition) {
    return values.some((value) => value !== null && value !== undefined) === condition.exists;
  }
  if ("notEquals" in condition) return !values.includes(condition.notEquals);
  if ("notIn" in condition) {
    return !values.some((value) => condition.notIn.includes(value as Scalar));
  }
  return values.some((value) => meets(value, condition));
}
