import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { audienceLimits } from "./audience.ts";

/** What somebody says about an audience. */
export interface AudienceDraft {
  name: string;
  title: string;
  description: string | null;
  owner: string;
  purpose: string | null;
}

const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

function checkText(field: string, text: string | null, max: number): Problem[] {
  const isStorable = text?.isWellFormed() && !text.includes("\0");
  const isFine = isStorable && text?.trim() !== "" && (text?.length ?? 0) <= max;
  const message = `Must be a text of 1 to ${max} characters.`;
  return isFine ? [] : [problem("INVALID_TEXT", message, [field])];
}

function checkOptional(field: string, text: string | null, max: number): Problem[] {
  return text === null ? [] : checkText(field, text, max);
}

/** What is wrong with a draft; empty when all is well. */
export function checkDraft(draft: AudienceDraft): Problem[] {
  const isName = namePattern.test(draft.name) && draft.name.length <= audienceLimits.nameLengthMax;
  const message = `Must be 1 to ${audienceLimits.nameLengthMax} letters, digits, dots, dashes.`;
  return [
    ...(isName ? [] : [problem("INVALID_NAME", message, ["name"])]),
    ...checkText("title", draft.title, audienceLimits.titleLengthMax),
    ...checkOptional("description", draft.description, audienceLimits.descriptionLengthMax),
    ...checkText("owner", draft.owner, audienceLimits.titleLengthMax),
    ...checkOptional("purpose", draft.purpose, audienceLimits.nameLengthMax),
  ];
}
