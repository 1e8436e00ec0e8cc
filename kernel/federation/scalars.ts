import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from "graphql";
import { durationToMs } from "../time/duration.ts";
import { isCalendarDay } from "../time/is-calendar-day.ts";

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;

function parseInstant(value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  if (typeof value === "string" && instant.test(value) && isCalendarDay(value)) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw new GraphQLError(
    "An instant is written like 2026-01-31T10:00:00Z (ISO 8601 with time zone).",
  );
}

export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description:
    "An instant in ISO 8601, given back in UTC with milliseconds: `2026-01-31T10:00:00.000Z`.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time",
  serialize: (value) => parseInstant(value).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
});

export const Json = new GraphQLScalarType<unknown, unknown>({
  name: "JSON",
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

function parseText(name: string, test: (text: string) => boolean, help: string) {
  return (value: unknown): string => {
    if (typeof value === "string" && test(value)) return value;
    throw new GraphQLError(`${name}: ${help}`);
  };
}

const parseCursor = parseText(
  "Cursor",
  (text) => text.length > 0 && text.length <= 200,
  'a cursor is a text that this API gave, or "0".',
);

/** As with ids, a number is taken for the text that it is: `after: 0` means the beginning, too. */
function parseCursorInput(value: unknown): string {
  return parseCursor(Number.isSafeInteger(value) ? String(value) : value);
}

export const Cursor = new GraphQLScalarType<string, string>({
  name: "Cursor",
  description: 'An opaque position in a change stream; "0" is the beginning of what is kept.',
  serialize: parseCursor,
  parseValue: parseCursorInput,
  parseLiteral: (node) =>
    parseCursor(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : null),
});

const parseDuration = parseText(
  "Duration",
  (text) => durationToMs(text) !== null,
  "a duration is written like PT24H or P7D (ISO 8601; no years or months).",
);

export const Duration = new GraphQLScalarType<string, string>({
  name: "Duration",
  description:
    "A length of time in ISO 8601 with weeks, days, hours, minutes, seconds: `PT24H`, `P7D`.",
  serialize: parseDuration,
  parseValue: parseDuration,
  parseLiteral: (node) => parseDuration(node.kind === Kind.STRING ? node.value : null),
});
