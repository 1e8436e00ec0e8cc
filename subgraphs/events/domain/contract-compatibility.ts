/** A change of a schema that events which met the former version may not meet any more. */
export interface BreakingChange {
  /** JSON pointer into the properties. */
  path: string;
  message: string;
}

const depthMax = 20;
const changesMax = 50;

type Schema = Record<string, unknown>;

/**
 * What a new version demands that the former did not: newly required properties, narrower types, enum
 * values gone, closed additional properties, tighter bounds. Looks at `properties` and `items`, not into
 * combinations (`allOf`, `$ref`, …): no change found there is no proof that there is none.
 */
export function breakingChanges(former: Schema, next: Schema): BreakingChange[] {
  const changes: BreakingChange[] = [];
  compare(former, next, "", changes, 0);
  return changes.slice(0, changesMax);
}

function compare(
  former: Schema,
  next: Schema,
  path: string,
  changes: BreakingChange[],
  depth: number,
): void {
  if (depth > depthMax) return;
  const add = (message: string) => changes.push({ path, message });
  for (const name of namesIn(next.required)) {
    if (!namesIn(former.required).includes(name)) add(`${name} is required now`);
  }
  const lost = typesOf(former).filter((type) => !isTypeAllowed(type, typesOf(next)));
  if (lost.length > 0 && typesOf(next).length > 0) add(`type no longer allows ${lost.join(", ")}`);
  if (typesOf(former).length === 0 && typesOf(next).length > 0) {
    add(`type is limited to ${typesOf(next).join(", ")}`);
  }
  compareValues(former, next, add);
  compareBounds(former, next, add);
  if (next.additionalProperties === false && former.additionalProperties !== false) {
    add("additional properties are no longer allowed");
  }
  compareChildren(former, next, path, changes, depth);
}

function compareChildren(
  former: Schema,
  next: Schema,
  path: string,
  changes: BreakingChange[],
  depth: number,
): void {
  const before = asSchema(former.properties);
  const after = asSchema(next.properties);
  for (const name of Object.keys(after)) {
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    const isClosed = known === undefined && former.additionalProperties === false;
    if (isClosed || !isSchema(after[name])) continue;
    compare(asSchema(known), after[name], `${path}/${name}`, changes, depth + 1);
  }
  if (isSchema(former.items) && isSchema(next.items)) {
    compare(former.items, next.items, `${path}/items`, changes, depth + 1);
  }
}

function compareValues(former: Schema, next: Schema, add: (message: string) => void): void {
  if (!Array.isArray(next.enum)) return;
  if (!Array.isArray(former.enum)) {
    add("values are limited to an enum now");
    return;
  }
  const allowed = new Set(next.enum.map((value) => JSON.stringify(value)));
  const gone = former.enum.map((value) => JSON.stringify(value)).filter((one) => !allowed.has(one));
  if (gone.length > 0) add(`enum no longer has ${gone.slice(0, 10).join(", ")}`);
}

const lowerBounds = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const upperBounds = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

function compareBounds(former: Schema, next: Schema, add: (message: string) => void): void {
  for (const [names, sign] of [
    [lowerBounds, 1],
    [upperBounds, -1],
  ] as const) {
    for (const name of names) {
      const after = next[name];
      if (typeof after !== "number") continue;
      const before = former[name];
      if (typeof before !== "number" || (after - before) * sign > 0) add(`${name} is ${after} now`);
    }
  }
  for (const name of ["pattern", "format", "const", "multipleOf"]) {
    if (next[name] !== undefined && JSON.stringify(next[name]) !== JSON.stringify(former[name])) {
      add(`${name} has changed`);
    }
  }
}

function isTypeAllowed(type: string, allowed: string[]): boolean {
  return allowed.includes(type) || (type === "integer" && allowed.includes("number"));
}

function typesOf(schema: Schema): string[] {
  return typeof schema.type === "string" ? [schema.type] : namesIn(schema.type);
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
