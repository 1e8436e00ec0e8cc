import { MULTIPLE_VALUES } from "../../subgraphs/identity/domain/matching/schema/source-row.ts";
import { roleByHeader } from "../../subgraphs/identity/domain/matching/schema/column-roles.ts";
import { InputError } from "./input-error.ts";
import type { InputRow } from "./input-row.ts";
import { openText } from "./open-text.ts";

const DEPTH_MAX = 8;

/**
 * Nested JSON as flat columns: {"name": {"first": "Ann"}} gives `name.first`; objects in a list give their own keys
 * where these tell what they hold ({"phones": [{"phone": "1"}]} gives `phone`), else led by that of the list
 * (`phones.number`); what stands several times is kept as several values.
 */
export function flattenJson(value: Record<string, unknown>): Record<string, string> {
  const flat: Record<string, string> = {};
  const add = (key: string, text: string) => {
    const known = flat[key];
    if (known === undefined || known === "") flat[key] = text;
    else if (text !== "" && !known.split(MULTIPLE_VALUES).includes(text))
      flat[key] = known + MULTIPLE_VALUES + text;
  };
  const visit = (key: string, part: unknown, depth: number, isListed = false): void => {
    if (part === null || part === undefined || depth > DEPTH_MAX) return;
    if (Array.isArray(part)) {
      for (const element of part) visit(key, element, depth + 1, true);
    } else if (typeof part === "object") {
      for (const [name, inner] of Object.entries(part)) {
        const tellsItself = key === "" || (isListed && roleByHeader(name) !== undefined);
        visit(tellsItself ? name : `${key}.${name}`, inner, depth + 1);
      }
    } else {
      add(key, String(part));
    }
  };
  visit("", value, 0);
  return flat;
}

function parseLine(path: string, text: string, line: number): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (line === 1 && text.startsWith("["))
      throw new InputError("this is a JSON array; JSON Lines have one object a line", {
        file: path,
        line,
        column: 1,
      });
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const column = position === undefined ? text.length : Number(position) + 1;
    throw new InputError("this is not JSON", { file: path, line, column });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError("each line must be one JSON object", { file: path, line, column: 1 });
  }
  return flattenJson(value as Record<string, unknown>);
}

/** JSON Lines: one object a line, empty lines passed over. */
export async function* readJsonLines(path: string): AsyncGenerator<InputRow> {
  const { chunks } = await openText(path);
  let rest = "";
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      line++;
      if (text.trim() !== "") yield { values: parseLine(path, text.trim(), line), line };
    }
  }
  if (rest.trim() !== "") yield { values: parseLine(path, rest.trim(), line + 1), line: line + 1 };
}
