import { setFlagsFromString } from "node:v8";
import type { AnySchemaObject, ErrorObject, Options, ValidateFunction } from "ajv";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { cleanJson } from "../domain/clean-json.ts";
import { limits } from "../domain/limits.ts";
import { linearPattern, patternStepsMax } from "../domain/linear-pattern.ts";
import type { Violation } from "../domain/read-event.ts";
import { checkSchemaCost } from "../domain/schema-cost.ts";

// V8's linear engine (flag `l`): a contract's pattern can never hang on a stranger's text.
setFlagsFromString("--enable-experimental-regexp-engine");

/** Gives every breach of the contract by these properties, at most `violationsPerEventMax`. */
export type CheckProperties = (properties: Record<string, unknown>) => Violation[];

const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void;

/**
 * Compiles a contract's schema: JSON Schema 2020-12, or draft-07 when `$schema` says so. Bounded in size,
 * depth and cost; references stay inside the schema; patterns run in linear time.
 */
export function compileContract(schema: Record<string, unknown>): CheckProperties | Problem[] {
  const refused = checkBounds(schema);
  if (refused.length > 0) return refused;
  try {
    return checkWith(ajvFor(schema).compile(schema as AnySchemaObject));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [problem("INVALID_SCHEMA", `Not a usable JSON Schema: ${message}`, ["schema"])];
  }
}

function checkBounds(schema: Record<string, unknown>): Problem[] {
  const clean = cleanJson(schema, limits.schemaDepthMax * 2);
  if (!clean.ok) return [problem("INVALID_SCHEMA", "The schema is nested too deep.", ["schema"])];
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > limits.schemaBytesMax) {
    const message = `The schema has ${bytes} bytes; at most ${limits.schemaBytesMax} are taken.`;
    return [problem("INVALID_SCHEMA", message, ["schema"])];
  }
  return checkSchemaCost(schema);
}

function ajvFor(schema: Record<string, unknown>): Ajv {
  const options: Options = {
    allErrors: true,
    strict: false,
    logger: false,
    ownProperties: true,
    code: { regExp: linearRegExp },
  };
  const dialect = typeof schema.$schema === "string" ? schema.$schema : "2020-12";
  if (!/2020-12|draft-07/.test(dialect)) {
    throw new Error("$schema is https://json-schema.org/draft/2020-12/schema or draft-07.");
  }
  const ajv = dialect.includes("draft-07") ? new Ajv(options) : new Ajv2020(options);
  addFormats(ajv);
  return ajv;
}

const linearRegExp = Object.assign(
  (pattern: string): RegExp => {
    if (/\\[pPu]\{/.test(pattern)) {
      throw new Error("patterns know no \\p{…} and \\u{…}: they are run in linear time.");
    }
    const { source } = new RegExp(pattern);
    const linear = linearPattern(source);
    if (linear !== null) return new RegExp(linear, "l");
    throw new Error(
      `the pattern ${pattern.slice(0, 80)} has look-around, back-references, or more than ` +
        `${patternStepsMax} steps with its repetitions written out (maxLength bounds a length).`,
    );
  },
  { code: "linearRegExp" },
);

function checkWith(validate: ValidateFunction): CheckProperties {
  return (properties) => {
    try {
      if (validate(properties)) return [];
      return violationsOf(validate.errors ?? []);
    } catch {
      const message = "The contract could not be checked on this event.";
      return [{ path: "/properties", rule: "contract", message }];
    }
  };
}

function violationsOf(errors: readonly ErrorObject[]): Violation[] {
  if (errors.length <= limits.violationsPerEventMax) return errors.map(violationOf);
  const told = errors.slice(0, limits.violationsPerEventMax - 1).map(violationOf);
  const message = `and ${errors.length - told.length} more violations`;
  return [...told, { path: "/properties", rule: "contract", message }];
}

function violationOf(error: ErrorObject): Violation {
  const allowed: unknown = error.params.allowedValues;
  const detail = Array.isArray(allowed) ? `: ${JSON.stringify(allowed).slice(0, 200)}` : "";
  const extra: unknown = error.params.additionalProperty;
  const named = typeof extra === "string" ? `: ${extra.slice(0, 100)}` : "";
  return {
    path: `/properties${error.instancePath}`.slice(0, 500),
    rule: error.keyword,
    message: `${error.message ?? "does not meet the contract"}${detail}${named}`,
  };
}
