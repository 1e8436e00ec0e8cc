import { limits } from "./limits.ts";

/** What came over the border, made safe to keep, or why it cannot be kept. */
export type CleanJson =
  | { ok: true; value: unknown; charactersAtMost: number }
  | { ok: false; reason: "TOO_DEEP" };

const replacement = "\ufffd";

/** Text that PostgreSQL and UTF-8 can hold: NUL and lone surrogates become U+FFFD. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", replacement) : whole;
}

/** True for text that lost something on its way: such text never identifies anybody. */
export function isDamagedText(text: string): boolean {
  return text.includes(replacement) || text.includes("\0") || !text.isWellFormed();
}

/**
 * Cleans a freshly parsed JSON value **in place**: NUL and lone surrogates become U+FFFD, numbers
 * beyond double become null, keys named `__proto__` go. Refuses nesting beyond `eventDepthMax`.
 * `charactersAtMost` bounds the characters of its compact JSON, not counting escapes.
 */
export function cleanJson(value: unknown, depthMax: number = limits.eventDepthMax): CleanJson {
  const walk = { characters: 0, tooDeep: false, depthMax };
  const cleaned = cleanValue(value, 0, walk);
  if (walk.tooDeep) return { ok: false, reason: "TOO_DEEP" };
  return { ok: true, value: cleaned, charactersAtMost: walk.characters };
}

interface Walk {
  characters: number;
  tooDeep: boolean;
  depthMax: number;
}

function cleanValue(value: unknown, depth: number, walk: Walk): unknown {
  if (typeof value === "string") {
    walk.characters += value.length + 3;
    return cleanText(value);
  }
  if (typeof value === "number") {
    walk.characters += 26;
    return Number.isFinite(value) ? value : null;
  }
  walk.characters += 6;
  if (value === null || typeof value !== "object") return value;
  if (depth >= walk.depthMax) {
    walk.tooDeep = true;
    return null;
  }
  return Array.isArray(value) ? cleanArray(value, depth, walk) : cleanObject(value, depth, walk);
}

function cleanArray(items: unknown[], depth: number, walk: Walk): unknown[] {
  for (let index = 0; index < items.length && !walk.tooDeep; index += 1) {
    const before = items[index];
    const after = cleanValue(before, depth + 1, walk);
    if (after !== before) items[index] = after;
  }
  return items;
}

function cleanObject(record: object, depth: number, walk: Walk): object {
  const fields = record as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (walk.tooDeep) return fields;
    walk.characters += key.length + 4;
    const before = fields[key];
    const name = cleanText(key);
    if (key === "__proto__" || name !== key) delete fields[key];
    if (key === "__proto__") continue;
    const after = cleanValue(before, depth + 1, walk);
    if (after !== before || name !== key) fields[name] = after;
  }
  return fields;
}
