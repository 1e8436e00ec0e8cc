import { type Problem, problem } from "../../../kernel/errors/problem.ts";

const reasonCharactersMax = 1_000;

/** What is wrong with the reason that somebody gives; it stands in the audit log. */
export function reasonProblems(reason: string): Problem[] {
  const text = reason.trim();
  const isStorable = text.isWellFormed() && !text.includes("\u0000");
  if (text !== "" && text.length <= reasonCharactersMax && isStorable) return [];
  const message = `A reason has 1 to ${reasonCharactersMax} characters.`;
  return [problem("REASON_INVALID", message, ["reason"])];
}
