import type { EventType } from "../../../kernel/announcements/accepted-event.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import type { EventIds } from "./event-ids.ts";
import { limits } from "./limits.ts";

type Fields = Record<string, unknown>;

/** Problems of an event beside those of its ids: its type, its name, what its type needs, its objects. */
export function checkEvent(type: EventType | null, raw: Fields, ids: EventIds): Problem[] {
  return [...checkType(type, raw), ...checkNames(type, raw, ids), ...checkObjects(raw)];
}

function checkType(type: EventType | null, raw: Fields): Problem[] {
  if (type !== null) return [];
  const given = typeof raw.type === "string" ? ` (given: ${raw.type.slice(0, 32)})` : "";
  const message = `type is one of identify, track, page, screen, group, alias${given}.`;
  return [problem("INVALID_TYPE", message, ["type"])];
}

function checkNames(type: EventType | null, raw: Fields, ids: EventIds): Problem[] {
  const problems: Problem[] = [];
  const need = (code: string, message: string, path: string) =>
    problems.push(problem(code, message, [path]));
  // An id that is there and not usable has its problem already.
  const isMissing = (name: "userId" | "groupId" | "previousId") =>
    ids[name] === null && !ids.problems.some(({ path }) => path[0] === name);
  if (type === "TRACK" && nameOf(type, raw) === null) {
    need("EVENT_NAME_MISSING", "A track names its event.", "event");
  }
  if ((nameOf(type, raw)?.length ?? 0) > limits.eventNameCharactersMax) {
    const message = `A name has at most ${limits.eventNameCharactersMax} characters.`;
    need("EVENT_NAME_TOO_LONG", message, type === "TRACK" ? "event" : "name");
  }
  if (type === "GROUP" && isMissing("groupId")) {
    need("GROUP_ID_MISSING", "A group call names its groupId.", "groupId");
  }
  if (type === "ALIAS" && isMissing("previousId")) {
    need("PREVIOUS_ID_MISSING", "An alias names its previousId.", "previousId");
  }
  if (type === "ALIAS" && isMissing("userId") && ids.anonymousId === null) {
    need("USER_ID_MISSING", "An alias names its userId.", "userId");
  }
  return problems;
}

/** An empty list is PHP's empty object; anything else that is no object would be lost silently. */
function checkObjects(raw: Fields): Problem[] {
  return ["properties", "traits", "context"].flatMap((name) => {
    const value = raw[name];
    const isNothing = value == null || (Array.isArray(value) && value.length === 0);
    if (isNothing || isRecord(value)) return [];
    return [problem("INVALID_FIELD", `${name} is an object.`, [name])];
  });
}

/** The name of a track, page or screen; null when it has none. */
export function nameOf(type: EventType | null, raw: Fields): string | null {
  const given =
    type === "TRACK" ? raw.event : type === "PAGE" || type === "SCREEN" ? raw.name : null;
  if (typeof given === "number") return String(given);
  if (typeof given !== "string") return null;
  const name = given.trim();
  return name === "" ? null : name;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
