import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { sumsToOne } from "./bucketing.ts";
import type { ExperimentState } from "./experiment-state.ts";

export interface Variation {
  key: string;
  /** Share of the units, 0 to 1. */
  weight: number;
}

/** What its owner decides about an experiment. */
export interface ExperimentPlan {
  name: string;
  title: string | null;
  unit: "PERSON";
  /** Who may take part: the members of this audience; null: everybody. */
  audience: string | null;
  variations: Variation[];
  seed: string;
  hashVersion: number;
}

export interface Experiment extends ExperimentPlan {
  state: ExperimentState;
  createdAt: number;
  startedAt: number | null;
  stoppedAt: number | null;
}

export const experimentsMax = 1_000;
const variationsMax = 50;
const titleCharactersMax = 200;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9 _.:-]{0,99}$/;
const nameRule = "1 to 100 letters, digits, spaces or _ . : -, beginning with a letter or digit";

/** What is wrong with a plan; empty when it may stand. */
export function problemsOfPlan(plan: ExperimentPlan): Problem[] {
  const problems: Problem[] = [];
  if (!isName(plan.name)) {
    problems.push(problem("INVALID_NAME", `An experiment's name is ${nameRule}.`, ["name"]));
  }
  if (plan.title !== null && !isText(plan.title)) {
    const message = `A title has 1 to ${titleCharactersMax} characters.`;
    problems.push(problem("INVALID_TITLE", message, ["title"]));
  }
  if (plan.audience !== null && !isText(plan.audience)) {
    const message = "This cannot be the name of an audience.";
    problems.push(problem("INVALID_AUDIENCE", message, ["eligibility", "audience"]));
  }
  if (!isText(plan.seed)) {
    const message = `A seed has 1 to ${titleCharactersMax} characters.`;
    problems.push(problem("INVALID_SEED", message, ["seed"]));
  }
  if (plan.hashVersion !== 1 && plan.hashVersion !== 2) {
    problems.push(
      problem("INVALID_HASH_VERSION", "The hash has versions 1 and 2.", ["hashVersion"]),
    );
  }
  return [...problems, ...problemsOfVariations(plan.variations)];
}

function problemsOfVariations(variations: readonly Variation[]): Problem[] {
  const problems: Problem[] = [];
  if (variations.length < 2 || variations.length > variationsMax) {
    const message = `An experiment has 2 to ${variationsMax} variations.`;
    problems.push(problem("INVALID_VARIATIONS", message, ["variations"]));
  }
  const keys = new Set<string>();
  variations.forEach(({ key, weight }, index) => {
    const at = ["variations", index];
    if (!isName(key)) {
      problems.push(problem("INVALID_NAME", `A variation's key is ${nameRule}.`, [...at, "key"]));
    }
    if (keys.has(key)) {
      const message = "Another variation has this key.";
      problems.push(problem("DUPLICATE_VARIATION", message, [...at, "key"]));
    }
    keys.add(key);
    if (!(weight >= 0 && weight <= 1)) {
      problems.push(problem("INVALID_WEIGHT", "A weight is 0 to 1.", [...at, "weight"]));
    }
  });
  if (!sumsToOne(variations.map((variation) => variation.weight))) {
    problems.push(problem("INVALID_WEIGHTS", "The weights must sum to 1.", ["variations"]));
  }
  return problems;
}

function isName(name: string): boolean {
  return namePattern.test(name) && name === name.trim();
}

function isText(text: string): boolean {
  return text.trim() !== "" && text.length <= titleCharactersMax && isStorable(text);
}

/** PostgreSQL text holds neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}
