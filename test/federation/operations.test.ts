import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import {
  buildSchema,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  parse,
  validate,
} from "graphql";

const schema = buildSchema(readFileSync("schema/api.graphql", "utf8"));

test.each(["setup", "profile", "identity", "governance", "live", "stewardship"])(
  "given the public schema, when the operations of %s.graphql are validated, then all fit",
  (name) => {
    const document = parse(readFileSync(`test/federation/operations/${name}.graphql`, "utf8"));
    expect(document.definitions.length).toBeGreaterThan(0);
    expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
  },
);

test("given the public schema, when read, then every type, field, argument and value is described", () => {
  const missing: string[] = [];
  const note = (name: string, described: { description?: string | null | undefined }) => {
    if (!described.description) missing.push(name);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (
      type.name.startsWith("__") ||
      ["String", "Int", "Float", "Boolean", "ID"].includes(type.name)
    ) {
      continue;
    }
    if (!["Query", "Mutation", "Subscription"].includes(type.name)) note(type.name, type);
    if ("getFields" in type) {
      for (const field of Object.values(type.getFields())) {
        note(`${type.name}.${field.name}`, field);
        for (const argument of "args" in field ? field.args : []) {
          note(`${type.name}.${field.name}(${argument.name})`, argument);
        }
      }
    }
    if ("getValues" in type) {
      for (const value of type.getValues()) note(`${type.name}.${value.name}`, value);
    }
  }
  expect(missing).toEqual([]);
});

test("given the public schema, then it has object types only: the gateway takes fragments apart on that", () => {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  expect(abstract.map(({ name }) => name)).toEqual([]);
});

test("given the explorer's examples, then each is valid with its variables, and short enough to read", async () => {
  const file = "../../gateway/explorer/examples.js";
  const { examples } = (await import(file)) as { examples: { query: string; variables: string }[] };
  expect(examples.length).toBeGreaterThan(0);
  for (const { query, variables } of examples) {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const definitions = getOperationAST(document)!.variableDefinitions ?? [];
    const given = JSON.parse(variables || "{}") as Record<string, unknown>;
    expect(getVariableValues(schema, definitions, given).errors).toBeUndefined();
    const longest = `${query}\n${variables}`.split("\n").map((line) => line.length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(52);
  }
});
