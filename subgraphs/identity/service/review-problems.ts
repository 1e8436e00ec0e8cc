import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { ReviewItem, ReviewVerdict } from "../domain/review-item.ts";

const deferDaysMax = 366;
const dayMs = 24 * 60 * 60_000;
export const assigneeCharactersMax = 200;

/** What is wrong with a verdict. */
export function verdictProblems(
  input: { verdict: ReviewVerdict; deferUntil: Date | null },
  item: ReviewItem | null,
  now: Date,
): Problem[] {
  const unfit = notOpen(item);
  if (unfit) return [unfit];
  const until = input.deferUntil?.getTime() ?? null;
  if (until === null) return [];
  const isAhead = until > now.getTime() && until <= now.getTime() + deferDaysMax * dayMs;
  if (input.verdict === "DEFER" && isAhead) return [];
  const text = `Only DEFER has a date, within ${deferDaysMax} days from now.`;
  return [problem("DEFER_UNTIL_INVALID", text, ["deferUntil"])];
}

/** Why nothing can be said about an item; null when it waits for a verdict. */
export function notOpen(item: ReviewItem | null): Problem | null {
  if (!item) return problem("REVIEW_ITEM_UNKNOWN", "There is no such review item.", ["item"]);
  if (item.state === "DECIDED") {
    return problem("REVIEW_ITEM_DECIDED", "Somebody has decided this already.", ["item"]);
  }
  if (item.state === "OPEN") return null;
  return problem("REVIEW_ITEM_CLOSED", "There is nothing to decide any more.", ["item"]);
}

export function busy(): Problem {
  const text = "Somebody else is deciding this just now.";
  return problem("REVIEW_ITEM_BUSY", text, ["item"]);
}

/** The sides are one person meanwhile, or identifiers are gone. */
export function overtaken(): Problem {
  const text = "What this item is about has changed meanwhile; look at it again.";
  return problem("REVIEW_ITEM_OVERTAKEN", text, ["item"]);
}

export function assignProblems(item: ReviewItem | null, assignee: string | null): Problem[] {
  const unfit = notOpen(item);
  if (unfit) return [unfit];
  const name = assignee?.trim() ?? null;
  const isName =
    name === null ||
    (name !== "" &&
      name.length <= assigneeCharactersMax &&
      name.isWellFormed() &&
      !name.includes("\u0000"));
  if (isName) return [];
  const text = `An assignee has 1 to ${assigneeCharactersMax} characters.`;
  return [problem("ASSIGNEE_INVALID", text, ["assignee"])];
}
