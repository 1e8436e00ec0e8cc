import type { RequestContext } from "./request-context.ts";

const mark = "•••";

/** A personal text as the caller may see it: in clear with `pii:read`, else its first character and a mark. */
export function maskText(context: RequestContext, text: string): string {
  return context.may("pii:read") ? text : mask(text);
}

/** Any JSON as the caller may see it: without `pii:read` every text and number in it is masked, names stay. */
export function maskJson(context: RequestContext, value: unknown): unknown {
  return context.may("pii:read") ? value : maskDeep(value);
}

function mask(text: string): string {
  return `${[...text].slice(0, 1).join("")}${mark}`;
}

function maskDeep(value: unknown): unknown {
  if (typeof value === "string") return mask(value);
  if (typeof value === "number") return mark;
  if (Array.isArray(value)) return value.map(maskDeep);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, maskDeep(part)]));
}
