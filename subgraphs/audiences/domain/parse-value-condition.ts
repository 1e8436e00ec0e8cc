import {
  type PropertyCondition,
  ruleLimits,
  type Scalar,
  type ValueCondition,
} from "./audience-rule.ts";
import { isStorable, type RuleProblems, type RulePath } from "./rule-problems.ts";
import { instantOf } from "./value-condition.ts";

type Check = (value: unknown) => string | null;

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

const scalar: Check = (value) => {
  if (!isScalar(value)) return "must be a string, a number or a boolean; for absence use `exists`";
  if (typeof value === "string" && !isStorable(value)) {
    return "holds a character that no event or trait can hold (U+0000, or half of one)";
  }
  const isLong = typeof value === "string" && value.length > ruleLimits.textLengthMax;
  return isLong ? `must have at most ${ruleLimits.textLengthMax} characters` : null;
};

const scalars: Check = (value) => {
  if (!Array.isArray(value) || value.length === 0) return "must be a list with at least one value";
  if (value.length > ruleLimits.listLengthMax) {
    return `must have at most ${ruleLimits.listLengthMax} values`;
  }
  return value.map(scalar).find((found) => found !== null) ?? null;
};

const finite: Check = (value) => (Number.isFinite(value) ? null : "must be a number");
const text: Check = (value) =>
  typeof value === "string" && value !== "" ? scalar(value) : "must be a text that is not empty";
const instant: Check = (value) =>
  instantOf(value) === null ? "must be an ISO 8601 date or instant" : null;
const flag: Check = (value) => (typeof value === "boolean" ? null : "must be true or false");

const operators: Readonly<Record<string, Check>> = {
  equals: scalar,
  notEquals: scalar,
  in: scalars,
  notIn: scalars,
  greaterThan: finite,
  atLeast: finite,
  lessThan: finite,
  atMost: finite,
  contains: scalar,
  startsWith: text,
  before: instant,
  after: instant,
  exists: flag,
};

/** Reads `{ <one operator>: value }`; null when it was refused. */
export function parseValueCondition(
  input: unknown,
  path: RulePath,
  problems: RuleProblems,
): ValueCondition | null {
  const only = problems.onlyEntry(input, path, Object.keys(operators));
  if (!only) return null;
  const [operator, value] = only;
  const fault = operators[operator]!(value);
  if (fault !== null) {
    problems.add("INVALID_VALUE", `The value of ${operator} ${fault}.`, [...path, operator]);
    return null;
  }
  return { [operator]: value } as unknown as ValueCondition;
}

/** Reads one `where` entry; null when it was refused. */
export function parsePropertyCondition(
  input: unknown,
  path: RulePath,
  problems: RuleProblems,
): PropertyCondition | null {
  const fields = problems.object(input, path, ["property", "is"]);
  if (!fields) return null;
  const property = problems.name(fields.property, [...path, "property"]);
  const is = parseValueCondition(fields.is, [...path, "is"], problems);
  return property === null || is === null ? null : { property, is };
}
