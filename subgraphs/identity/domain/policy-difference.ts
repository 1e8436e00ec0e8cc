import type { IdentityPolicy } from "./identity-policy.ts";

/** One place where two versions differ; the values are JSON texts, null where there is none. */
export interface PolicyDifference {
  path: string;
  before: string | null;
  after: string | null;
}

/** What the second version says otherwise than the first, by path. */
export function differencesOf(before: IdentityPolicy, after: IdentityPolicy): PolicyDifference[] {
  return compare(shapeOf(before), shapeOf(after), "");
}

/** Namespaces by name, lists as sets: their order is their priority, which is said by itself. */
function shapeOf({ version: _, namespaces, ...rest }: IdentityPolicy): Shape {
  const byName = Object.fromEntries(namespaces.map(({ name, ...own }) => [name, { ...own }]));
  return { ...rest, namespaces: byName } as unknown as Shape;
}

type Shape = { [name: string]: unknown };

function compare(before: unknown, after: unknown, path: string): PolicyDifference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isShape(before) || !isShape(after)) {
    return [{ path, before: textOf(before), after: textOf(after) }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) =>
    compare(before[name], after[name], path === "" ? name : `${path}.${name}`),
  );
}

function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
