import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { limits } from "./limits.ts";

/** Subschemas a check of one event may visit, references followed. */
const visitsMax = 10_000;
const uniqueItemsMax = 1_000;
const patternCharactersMax = 500;
const refused = ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$async"];

/**
 * Problems of a schema that would make checking an event costly without bound: references to other
 * documents, recursion, references that multiply, `uniqueItems` without `maxItems`. Pure arithmetic:
 * whether it is a valid JSON Schema is for the validator to say.
 */
export function checkSchemaCost(schema: Record<string, unknown>): Problem[] {
  const walk: Walk = { root: schema, open: new Set(), costs: new Map(), problems: [] };
  const visits = costOf(schema, walk, 0);
  if (walk.problems.length === 0 && visits > visitsMax) {
    refuse(walk, `Checking one event would visit ${visits} subschemas; at most ${visitsMax}.`);
  }
  return walk.problems;
}

interface Walk {
  root: Record<string, unknown>;
  open: Set<object>;
  costs: Map<object, number>;
  problems: Problem[];
}

function refuse(walk: Walk, message: string): number {
  if (walk.problems.length === 0)
    walk.problems.push(problem("INVALID_SCHEMA", message, ["schema"]));
  return 0;
}

function costOf(node: unknown, walk: Walk, depth: number): number {
  if (typeof node !== "object" || node === null || walk.problems.length > 0) return 0;
  const known = walk.costs.get(node);
  if (known !== undefined) return known;
  if (walk.open.has(node)) return refuse(walk, "The schema refers to itself.");
  if (depth > limits.schemaDepthMax * 4) return refuse(walk, "The schema is nested too deep.");
  walk.open.add(node);
  const own = Array.isArray(node) ? 0 : 1 + costOfKeywords(node as Fields, walk, depth);
  let cost = own;
  for (const child of Object.values(node)) cost += costOf(child, walk, depth + 1);
  walk.open.delete(node);
  walk.costs.set(node, cost);
  return cost;
}

type Fields = Record<string, unknown>;

function costOfKeywords(node: Fields, walk: Walk, depth: number): number {
  const keyword = refused.find((name) => Object.hasOwn(node, name));
  if (keyword) return refuse(walk, `The keyword ${keyword} is not taken.`);
  if (node.uniqueItems === true && !isAtMost(node.maxItems, uniqueItemsMax)) {
    return refuse(walk, `uniqueItems needs maxItems of at most ${uniqueItemsMax}.`);
  }
  if (typeof node.pattern === "string" && node.pattern.length > patternCharactersMax) {
    return refuse(walk, `A pattern has at most ${patternCharactersMax} characters.`);
  }
  return typeof node.$ref === "string" ? costOfReference(node.$ref, walk, depth) : 0;
}

function costOfReference(reference: string, walk: Walk, depth: number): number {
  if (!reference.startsWith("#")) {
    return refuse(walk, `$ref ${reference.slice(0, 80)} leaves the schema; only # is followed.`);
  }
  if (reference !== "#" && !reference.startsWith("#/")) {
    return refuse(walk, "A $ref is a JSON pointer (#/$defs/…); anchors are not taken.");
  }
  const target = resolvePointer(walk.root, reference.slice(1));
  if (target === undefined) return refuse(walk, `$ref ${reference.slice(0, 80)} leads nowhere.`);
  return costOf(target, walk, depth + 1);
}

function resolvePointer(root: unknown, pointer: string): unknown {
  let at: unknown = root;
  for (const part of pointer.split("/").slice(1)) {
    const key = decodePart(part);
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Fields)[key];
  }
  return at;
}

function decodePart(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // Not percent-encoded after all: taken as it stands.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isAtMost(value: unknown, most: number): boolean {
  return typeof value === "number" && value <= most;
}
