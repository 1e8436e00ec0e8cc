import { durationToMs } from "../../../kernel/time/duration.ts";

/** Where, which code, what to tell. */
export type Fault = readonly [path: readonly (string | number)[], code: string, message: string];

/** Reads one field; `undefined`: it is refused, and a fault says why. */
export type FieldReader = (
  value: unknown,
  path: readonly (string | number)[],
  faults: Fault[],
) => unknown;

const patternCharactersMax = 512;
const wildcardsMax = 5;
const ownersMax = 500;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** What a base list is after some were added and some taken away. */
export function listed(
  base: readonly string[],
  added: unknown,
  removed: unknown,
): readonly string[] {
  const gone = new Set(readList(removed));
  return [...new Set([...base, ...(readList(added) as string[])])].filter(
    (value) => !gone.has(value),
  );
}

/** The fields that were said and understood; what is unknown is a fault. */
export function readFields(
  document: Record<string, unknown>,
  fields: Readonly<Record<string, FieldReader>>,
  path: readonly (string | number)[],
  faults: Fault[],
): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(document)) {
    const own = [...path, name];
    if (!Object.hasOwn(fields, name)) {
      const known = Object.keys(fields).join(", ");
      faults.push([own, "FIELD_UNKNOWN", `There is no field ${name}; there are ${known}.`]);
      continue;
    }
    const read = fields[name]!(value, own, faults);
    if (read !== undefined) said[name] = read;
  }
  return said;
}

function fault(faults: Fault[], ...what: Fault): undefined {
  faults.push(what);
  return undefined;
}

/** The kinds of fields a policy has. */
export const readers = {
  boolean: ((value, path, faults) =>
    typeof value === "boolean"
      ? value
      : fault(faults, path, "VALUE_INVALID", "This is true or false.")) as FieldReader,

  share: ((value, path, faults) =>
    typeof value === "number" && value >= 0 && value <= 1
      ? value
      : fault(faults, path, "VALUE_INVALID", "This is a number from 0 to 1.")) as FieldReader,

  integer:
    (least: number, most: number): FieldReader =>
    (value, path, faults) =>
      Number.isInteger(value) && (value as number) >= least && (value as number) <= most
        ? value
        : fault(faults, path, "VALUE_INVALID", `This is a whole number from ${least} to ${most}.`),

  duration:
    (mostMs: number): FieldReader =>
    (value, path, faults) => {
      const ms = typeof value === "string" ? durationToMs(value) : null;
      if (ms !== null && ms > 0 && ms <= mostMs) return value;
      const most = mostMs / (24 * 60 * 60 * 1_000);
      const text = `This is a duration such as P7D or PT24H, of at most ${most} days.`;
      return fault(faults, path, "VALUE_INVALID", text);
    },

  oneOf:
    (choices: readonly string[], code: string): FieldReader =>
    (value, path, faults) =>
      choices.includes(value as string)
        ? value
        : fault(faults, path, code, `This is one of ${choices.join(", ")}.`),

  nullable:
    (reader: FieldReader): FieldReader =>
    (value, path, faults) =>
      value === null ? null : reader(value, path, faults),

  list:
    (most: number): FieldReader =>
    (value, path, faults) =>
      Array.isArray(value) && value.length <= most
        ? value
        : fault(faults, path, "VALUE_INVALID", `This is a list of at most ${most} entries.`),

  patterns:
    (most: number): FieldReader =>
    (value, path, faults) => {
      const list = readers.list(most)(value, path, faults) as unknown[] | undefined;
      if (!list) return undefined;
      const bad = list.flatMap((each, place) => {
        const text = patternFault(each);
        return text ? [[[...path, place], "BLOCKED_PATTERN_INVALID", text] as Fault] : [];
      });
      faults.push(...bad);
      return bad.length > 0 ? undefined : list;
    },

  region: ((value, path, faults) =>
    typeof value === "string" && /^[A-Z]{2}$/.test(value)
      ? value
      : fault(
          faults,
          path,
          "VALUE_INVALID",
          "This is a country as ISO 3166 alpha-2, such as PT.",
        )) as FieldReader,

  traitOwners: ((value, path, faults) => {
    const isFine =
      isRecord(value) &&
      Object.keys(value).length <= ownersMax &&
      Object.values(value).every(
        (owners) => Array.isArray(owners) && owners.length <= 50 && owners.every(isText),
      );
    const text = "This maps names of traits to lists of source names, the strongest first.";
    return isFine ? value : fault(faults, path, "VALUE_INVALID", text);
  }) as FieldReader,
};

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && isStorable(value);
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

function patternFault(value: unknown): string | null {
  if (typeof value !== "string" || !isStorable(value)) return "A blocked value is a text.";
  if (value.trim() === "") return "An empty value never identifies; it need not be blocked.";
  if (value.length > patternCharactersMax) {
    return `A blocked value has at most ${patternCharactersMax} characters.`;
  }
  if (/^\*{2,}$/.test(value.trim())) return "This would block every value.";
  if (value.split("*").length - 1 > wildcardsMax) {
    return `A blocked value has at most ${wildcardsMax} wildcards.`;
  }
  return null;
}
