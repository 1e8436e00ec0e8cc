import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { isStorable } from "./preference.ts";
import type { Purpose } from "./purpose.ts";

/** The parts of a statement that can be wrong. */
export interface StatedParts {
  channel: string | null;
  statedAt: Date | null;
  expiresAt: Date | null;
  method: string;
  source: string | null;
}

/** Somebody's clock may be a little ahead of ours. */
const clockSkewMsMax = 5 * 60_000;
const textCharactersMax = 200;

/** What is wrong with a statement about the purpose (undefined: there is none of that name). */
export function problemsOfStatement(
  said: StatedParts,
  purpose: Purpose | undefined,
  now: number,
): Problem[] {
  const problems: Problem[] = [];
  const { channel, statedAt, expiresAt } = said;
  if (!purpose) {
    problems.push(problem("UNKNOWN_PURPOSE", "No purpose of that name is defined.", ["purpose"]));
  } else if (channel && purpose.channels.length > 0 && !purpose.channels.includes(channel)) {
    const message = `The purpose ${purpose.name} is not for this channel.`;
    problems.push(problem("CHANNEL_NOT_IN_PURPOSE", message, ["channel"]));
  }
  if (statedAt && statedAt.getTime() > now + clockSkewMsMax) {
    problems.push(problem("STATED_IN_FUTURE", "This has not been said yet.", ["statedAt"]));
  }
  if (expiresAt && expiresAt.getTime() <= (statedAt?.getTime() ?? now)) {
    const message = "A statement cannot run out before it is made.";
    problems.push(problem("EXPIRES_TOO_EARLY", message, ["expiresAt"]));
  }
  if (!isText(said.method)) {
    const message = `A method has 1 to ${textCharactersMax} characters.`;
    problems.push(problem("INVALID_METHOD", message, ["method"]));
  }
  if (said.source !== null && !isText(said.source)) {
    problems.push(problem("INVALID_SOURCE", "This cannot be the name of a source.", ["source"]));
  }
  return problems;
}

function isText(text: string): boolean {
  return text.trim() !== "" && text.length <= textCharactersMax && isStorable(text);
}

/** Null is what the normaliser gives for something that is no identifier. */
export function problemsOfIdentifier(identifier: object | null): Problem[] {
  if (identifier) return [];
  const message = "This is no identifier of that namespace.";
  return [problem("INVALID_IDENTIFIER", message, ["identifier", "value"])];
}

export function problemsOfNote(note: string | null): Problem[] {
  if (note === null || (note.length <= textCharactersMax && isStorable(note))) return [];
  return [problem("INVALID_NOTE", `A note has at most ${textCharactersMax} characters.`, ["note"])];
}
