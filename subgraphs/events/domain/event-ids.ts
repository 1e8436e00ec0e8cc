import type { EventType } from "../../../kernel/announcements/accepted-event.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import {
  identifierBytesMax,
  identifierCharactersMax,
} from "../../../kernel/persons/identifier-size.ts";
import { readId } from "./event-identifiers.ts";
import { limits } from "./limits.ts";

type Fields = Record<string, unknown>;

/** The ids an event carries, as text; null: absent (or blank). */
export interface EventIds {
  messageId: string | null;
  userId: string | null;
  anonymousId: string | null;
  previousId: string | null;
  groupId: string | null;
  /** Ids that are there and not usable. */
  problems: Problem[];
}

/** Reads the ids of an event; `previousId` and `groupId` only where they mean something. */
export function readIds(raw: Fields, type: EventType | null): EventIds {
  const problems: Problem[] = [];
  const id = (name: string, isNeeded = true): string | null => {
    const value = readId(raw[name]);
    if (value !== undefined) return value;
    if (!isNeeded) return null;
    problems.push(problem("INVALID_ID", `${name} is not usable: ${idRule}`, [name]));
    return null;
  };
  const messageId = givenMessageId(raw);
  const isLong = messageId !== null && messageId.length > limits.messageIdCharactersMax;
  if (isLong || readId(raw.messageId) === undefined) {
    const message = `messageId is text of at most ${limits.messageIdCharactersMax} characters.`;
    problems.push(problem("INVALID_MESSAGE_ID", message, ["messageId"]));
  }
  return {
    messageId,
    userId: id("userId"),
    anonymousId: id("anonymousId"),
    previousId: id("previousId", type === "ALIAS"),
    groupId: id("groupId", type === "GROUP"),
    problems,
  };
}

const idRule =
  `an id is text of at most ${identifierCharactersMax} characters and ${identifierBytesMax} bytes ` +
  "without NUL or U+FFFD, " +
  "or a whole number that a double holds exactly (send longer numbers as text).";

/** The message id as it was given, when it is an id at all. */
export function givenMessageId(raw: Fields): string | null {
  const value = readId(raw.messageId);
  return value === undefined ? null : value;
}
