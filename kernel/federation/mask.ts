import type { RequestContext } from "./request-context.ts";

const mark = "•••";

/** A personal text as the caller may see it: in clear with `pii:read`, else its first character and a mark. */
export function maskText(context: RequestContext, text: string): string {
  return context.may("pii:read") ? text : mask(text);
}

/**
 * Any JSON as the caller may see it: without `pii:read` every text and number in it is masked. Names stay, but
 * for the e-mail addresses in them.
 */
export function maskJson(context: RequestContext, value: unknown): unknown {
  return context.may("pii:read") ? value : maskDeep(value);
}

/** Enough digits for a telephone, a card or a day of birth, however they are set apart. */
const digitsMin = 7;
/** Before the @ at most 64 characters, as the standard has it: so that a long text costs no square. */
const address = /[^\s<>()[\]{}"',;:@%]{1,64}(?:@|%40)[^\s<>()[\]{}"',;:@%]+/giu;
const number = new RegExp(
  String.raw`\+?\(?\p{Nd}(?:[\s().\/\p{Pd}]{0,3}\p{Nd}){${digitsMin - 1},}`,
  "gu",
);

/**
 * What people, or senders of events, wrote in their own words (reasons, notes, how consent was given): without
 * `pii:read` the e-mail addresses and long numbers in it are masked, the rest stays. Every such field
 * of the schema passes here; texts that define an asset (titles, descriptions) are about nobody.
 */
export function maskFreeText<T extends string | null>(context: RequestContext, text: T): T {
  if (text === null || context.may("pii:read")) return text;
  return text.replace(address, mask).replace(number, mask) as T;
}

function mask(text: string): string {
  return `${[...text].slice(0, 1).join("")}${mark}`;
}

function maskDeep(value: unknown): unknown {
  if (typeof value === "string") return mask(value);
  if (typeof value === "number") return mark;
  if (Array.isArray(value)) return value.map(maskDeep);
  if (value === null || typeof value !== "object") return value;
  const parts = Object.entries(value).map(([name, part]) => {
    return [name.replace(address, mask), maskDeep(part)] as const;
  });
  return Object.fromEntries(parts);
}
