import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { type LawfulBasis, type PurposeRule, purposeKey } from "./consent-policy.ts";
import { isStorable } from "./preference.ts";

/** A use that people are asked about, as its owner defines it. */
export interface Purpose {
  name: string;
  title: string;
  basis: LawfulBasis;
  /** Empty: any channel. */
  channels: string[];
  /** What consent platforms call it, beside its own name. */
  categories: string[];
}

export const purposesMax = 500;
const categoriesMax = 50;
const titleCharactersMax = 200;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} _.:-]{0,99}$/u;

/** What is wrong with a definition; empty when it may stand. */
export function problemsOfPurpose(purpose: Purpose): Problem[] {
  const problems: Problem[] = [];
  if (!namePattern.test(purpose.name) || purpose.name !== purpose.name.trim()) {
    const rule = "1 to 100 letters, digits, spaces or _ . : -, beginning with a letter or digit";
    problems.push(problem("INVALID_NAME", `A purpose's name is ${rule}.`, ["name"]));
  }
  const { title } = purpose;
  if (title.trim() === "" || title.length > titleCharactersMax || !isStorable(title)) {
    const message = `A title has 1 to ${titleCharactersMax} characters.`;
    problems.push(problem("INVALID_TITLE", message, ["title"]));
  }
  if (purpose.categories.length > categoriesMax) {
    const message = `A purpose has at most ${categoriesMax} categories.`;
    problems.push(problem("TOO_MANY_CATEGORIES", message, ["categories"]));
  }
  purpose.categories.forEach((category, index) => {
    if (namePattern.test(category)) return;
    const message = "A category is named like a purpose.";
    problems.push(problem("INVALID_NAME", message, ["categories", index]));
  });
  return problems;
}

/** The purpose as a decision sees it. */
export function ruleOf(purpose: Purpose): PurposeRule {
  const { name, basis, channels } = purpose;
  return { name, basis, channels, minimumNoticeVersion: null, tcfPurposes: [] };
}

/** Under which keys statements about the purpose are kept: its name and its categories. */
export function statementKeysOf(purpose: Purpose): string[] {
  return [...new Set([purpose.name, ...purpose.categories].map(purposeKey))];
}
