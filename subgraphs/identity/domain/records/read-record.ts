import type { RawIdentifier } from "../../../../kernel/announcements/accepted-event.ts";
import { type Problem, problem } from "../../../../kernel/errors/problem.ts";
import {
  identifierBytesMax,
  identifierCharactersMax,
  isIdentifierSize,
} from "../../../../kernel/persons/identifier-size.ts";
import { isCalendarDay } from "../../../../kernel/time/is-calendar-day.ts";
import {
  recordIdentifier,
  recordName,
  type RecordKind,
  type SourceRecord,
} from "./source-record.ts";

/** A record as a client wrote it. */
export interface RawRecord {
  kind: RecordKind;
  key: string;
  /** Null: now. */
  observedAt: string | null;
  identifiers: readonly RawIdentifier[];
  attributes: unknown;
}

export const recordKeyCharactersMax = 256;
export const recordIdentifiersMax = 50;
export const recordAttributesMax = 200;
export const recordCharactersMax = 64_000;
/** A clock may be ahead by so much; a record of a later time would keep true ones out for long. */
const aheadMsMax = 24 * 60 * 60 * 1_000;
const instant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/i;

export type ReadRecord =
  | { record: SourceRecord; problems: [] }
  | { record: null; problems: Problem[] };

/** Reads one record, or says everything that is wrong with it; `path` leads to it. */
export function readRecord(
  raw: RawRecord,
  source: string,
  now: Date,
  path: readonly (string | number)[],
): ReadRecord {
  const observedAt = raw.observedAt === null ? now : instantOf(raw.observedAt);
  const problems = [
    ...keyProblems(raw, source, path),
    ...timeProblems(observedAt, now, path),
    ...identifierProblems(raw.identifiers, path),
    ...attributeProblems(raw.attributes, path),
  ];
  const attributes = (raw.attributes ?? {}) as Record<string, unknown>;
  if (problems.length === 0 && raw.identifiers.length + Object.keys(attributes).length === 0) {
    const message = "A record has an identifier or an attribute.";
    problems.push(problem("RECORD_EMPTY", message, [...path]));
  }
  if (problems.length > 0) return { record: null, problems };
  const { kind, key, identifiers } = raw;
  return {
    record: { source, kind, key, observedAt: observedAt!.toISOString(), identifiers, attributes },
    problems: [],
  };
}

function instantOf(text: string): Date | null {
  const date = instant.test(text) && isCalendarDay(text) ? new Date(text) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}

function keyProblems({ key, kind }: RawRecord, source: string, path: readonly (string | number)[]) {
  const isFit = key.trim() !== "" && key.length <= recordKeyCharactersMax && isStorable(key);
  const { value } = recordIdentifier(recordName({ source, kind, key }));
  if (isFit && isIdentifierSize(value)) return [];
  const message = `A key has 1 to ${recordKeyCharactersMax} characters.`;
  return [problem("KEY_INVALID", message, [...path, "key"])];
}

function timeProblems(at: Date | null, now: Date, path: readonly (string | number)[]): Problem[] {
  const place = [...path, "observedAt"];
  if (at === null) {
    const message = "An instant is written like 2026-01-31T10:00:00Z (ISO 8601).";
    return [problem("OBSERVED_AT_INVALID", message, place)];
  }
  if (at.getTime() <= now.getTime() + aheadMsMax) return [];
  return [problem("OBSERVED_AT_INVALID", "A record cannot be observed in the future.", place)];
}

function identifierProblems(
  identifiers: readonly RawIdentifier[],
  path: readonly (string | number)[],
): Problem[] {
  if (identifiers.length > recordIdentifiersMax) {
    const message = `A record has at most ${recordIdentifiersMax} identifiers.`;
    return [problem("TOO_MANY_IDENTIFIERS", message, [...path, "identifiers"])];
  }
  return identifiers.flatMap(({ namespace, value }, place) => {
    const isFit = [namespace, value].every(
      (text) => text.trim() !== "" && isIdentifierSize(text) && isStorable(text),
    );
    if (isFit) return [];
    const message =
      `Namespace and value have 1 to ${identifierCharactersMax} characters ` +
      `and at most ${identifierBytesMax} bytes.`;
    return [problem("IDENTIFIER_INVALID", message, [...path, "identifiers", place])];
  });
}

function attributeProblems(attributes: unknown, path: readonly (string | number)[]): Problem[] {
  if (attributes === null || attributes === undefined) return [];
  const refuse = (message: string) => [
    problem("ATTRIBUTES_INVALID", message, [...path, "attributes"]),
  ];
  if (typeof attributes !== "object" || Array.isArray(attributes)) {
    return refuse("Attributes are an object.");
  }
  if (Object.keys(attributes).length > recordAttributesMax) {
    return refuse(`A record has at most ${recordAttributesMax} attributes.`);
  }
  const text = JSON.stringify(attributes);
  if (text.length > recordCharactersMax) {
    return refuse(`Attributes have at most ${recordCharactersMax} characters of JSON.`);
  }
  return isStorableJson(text) ? [] : refuse("Attributes have NUL or half a character in them.");
}

function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

/** JSON writes both as escapes. */
function isStorableJson(text: string): boolean {
  return !/(^|[^\\])(\\\\)*\\u(0000|d[89a-f])/i.test(text) && isStorable(text);
}
