import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { ruleLimits } from "./audience-rule.ts";

export type RulePath = readonly (string | number)[];

const problemsMax = 50;

/** Whether every engine can store the text as it is. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Whether a text can stand as a name: 1 to 200 characters that every engine can store. */
export function isName(text: string): boolean {
  return isStorable(text) && text.length > 0 && text.length <= ruleLimits.nameLengthMax;
}

/** Collects what is wrong with a rule while it is read, with the path to each fault. */
export class RuleProblems {
  readonly found: Problem[] = [];

  add(code: string, message: string, path: RulePath): void {
    if (this.found.length < problemsMax) this.found.push(problem(code, message, [...path]));
  }

  /**
   * The fields that are given (undefined is absent) of an object with these names only, or null.
   */
  object(input: unknown, path: RulePath, names: readonly string[]): Record<string, unknown> | null {
    if (typeof input !== "object" || input === null || Array.isArray(input)) {
      this.add("INVALID_RULE", `Expected an object with ${names.join(", ")}.`, path);
      return null;
    }
    const given = Object.entries(input).filter(([, value]) => value !== undefined);
    const unknown = given.filter(([name]) => !names.includes(name));
    for (const [name] of unknown) {
      this.add("UNKNOWN_FIELD", `Not known here; known are ${names.join(", ")}.`, [...path, name]);
    }
    return unknown.length === 0 ? Object.fromEntries(given) : null;
  }

  /** The single entry of an object that must name exactly one of `names`, or null. */
  onlyEntry(input: unknown, path: RulePath, names: readonly string[]): [string, unknown] | null {
    const fields = this.object(input, path, names);
    if (!fields) return null;
    const entries = Object.entries(fields).filter(([, value]) => value !== null);
    if (entries.length === 1 && Object.keys(fields).length === 1) return entries[0]!;
    this.add("EXACTLY_ONE", `Exactly one of ${names.join(", ")} must be given.`, path);
    return null;
  }

  /** A name: a text of 1 to 200 characters, or null. */
  name(input: unknown, path: RulePath): string | null {
    if (typeof input === "string" && isName(input)) return input;
    this.add(
      "INVALID_NAME",
      `Must be a text of 1 to ${ruleLimits.nameLengthMax} characters.`,
      path,
    );
    return null;
  }

  /** A list of 1 to `max` entries, or null. */
  list(input: unknown, path: RulePath, max: number): unknown[] | null {
    if (Array.isArray(input) && input.length > 0 && input.length <= max) return input;
    this.add("INVALID_LIST", `Must be a list of 1 to ${max} entries.`, path);
    return null;
  }
}
