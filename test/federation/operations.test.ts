import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { buildSchema, parse, validate } from "graphql";

const schema = buildSchema(readFileSync("schema/api.graphql", "utf8"));

/** Published, and not built yet (README, Not there yet). */
const notYet = ["ExportPerson"];

test.each(["setup", "profile", "identity", "governance", "live", "stewardship"])(
  "given the public schema, when the operations of %s.graphql are validated, then all fit",
  (name) => {
    const document = parse(readFileSync(`test/federation/operations/${name}.graphql`, "utf8"));
    expect(document.definitions.length).toBeGreaterThan(0);
    for (const definition of document.definitions) {
      const nameOf = "name" in definition ? definition.name!.value : "";
      const problems = validate(schema, { ...document, definitions: [definition] });
      if (notYet.includes(nameOf)) expect(problems).not.toEqual([]);
      else expect(problems.map(({ message }) => message)).toEqual([]);
    }
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
