import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  currentContract,
  pinnedVersion,
  type Contract,
} from "../../../subgraphs/events/domain/contract.ts";
import { breakingChanges } from "../../../subgraphs/events/domain/contract-compatibility.ts";
import { mergePatch } from "../../../subgraphs/events/domain/quarantine.ts";
import { checkSchemaCost } from "../../../subgraphs/events/domain/schema-cost.ts";

describe("given a schema that would cost without bound", () => {
  const laughs = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => [
      `d${n + 1}`,
      { allOf: [{ $ref: `#/$defs/d${n}` }, { $ref: `#/$defs/d${n}` }] },
    ]),
  );
  test.each([
    ["leaves the document", { $ref: "https://example.com/a.json" }, /leaves the schema/],
    ["refers to itself", { properties: { a: { $ref: "#" } } }, /refers to itself/],
    [
      "refers in a circle",
      { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" },
      /refers to itself/,
    ],
    ["multiplies", { $defs: { d0: {}, ...laughs }, $ref: "#/$defs/d20" }, /visit/],
    ["refers to nothing", { $ref: "#/$defs/none" }, /nowhere/],
    ["uses an anchor", { $ref: "#here" }, /JSON pointer/],
    ["compares all items with all", { uniqueItems: true }, /maxItems/],
    ["is dynamic", { $dynamicRef: "#x" }, /not taken/],
    ["is asynchronous", { $async: true }, /not taken/],
    ["has an endless pattern", { pattern: "a".repeat(501) }, /pattern/],
  ])("when it %s, then it is refused", (_name, schema, message) => {
    expect(checkSchemaCost(schema as Record<string, unknown>)[0]?.message).toMatch(message);
  });

  test("when it only refers to its own parts, then it is taken", () => {
    const schema = {
      $defs: { money: { type: "number", minimum: 0 }, "a/b": { type: "string" } },
      properties: {
        total: { $ref: "#/$defs/money" },
        tax: { $ref: "#/$defs/money" },
        c: { $ref: "#/$defs/a~1b" },
      },
    };
    expect(checkSchemaCost(schema)).toEqual([]);
  });
});

describe("given two versions of a contract", () => {
  const former = {
    type: "object",
    required: ["a"],
    properties: {
      a: { type: ["string", "integer"] },
      b: { enum: ["x", "y"] },
      c: { type: "number", minimum: 0 },
    },
  };
  test.each<[string, object, string[]]>([
    ["adds an optional property", { ...former, properties: { ...former.properties, d: {} } }, []],
    ["requires another property", { ...former, required: ["a", "b"] }, [" b is required now"]],
    [
      "narrows a type",
      { ...former, properties: { ...former.properties, a: { type: "string" } } },
      ["/a type no longer allows integer"],
    ],
    [
      "widens a type",
      { ...former, properties: { ...former.properties, a: { type: ["string", "number"] } } },
      [],
    ],
    [
      "drops a value",
      { ...former, properties: { ...former.properties, b: { enum: ["x"] } } },
      ['/b enum no longer has "y"'],
    ],
    [
      "closes the object",
      { ...former, additionalProperties: false },
      [" additional properties are no longer allowed"],
    ],
    [
      "raises a bound",
      { ...former, properties: { ...former.properties, c: { type: "number", minimum: 1 } } },
      ["/c minimum is 1 now"],
    ],
    [
      "loosens a bound",
      { ...former, properties: { ...former.properties, c: { type: "number", minimum: -1 } } },
      [],
    ],
  ])("when the next %s, then what breaks is told", (_name, next, expected) => {
    const changes = breakingChanges(former, next as Record<string, unknown>);
    expect(changes.map(({ path, message }) => `${path} ${message}`)).toEqual(expected);
  });

  test("when both are the same, then nothing breaks", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (schema) => {
        expect(breakingChanges(schema, structuredClone(schema))).toEqual([]);
      }),
    );
  });
});

describe("given an event's context and the versions there are", () => {
  test.each<[object, unknown]>([
    [{}, null],
    [{ contractVersion: 2 }, 2],
    [{ contractVersion: "v3" }, 3],
    [{ protocols: { event_version: "1" } }, 1],
    [{ contractVersion: {} }, "UNREADABLE"],
    [{ contractVersion: "newest" }, "UNREADABLE"],
    [{ contractVersion: 1.5 }, "UNREADABLE"],
  ])("when the context is %j, then the pinned version is %j", (context, expected) => {
    expect(pinnedVersion(context as Record<string, unknown>)).toBe(expected);
  });

  test("when the newest is deprecated, then the newest active one holds", () => {
    const version = (number: number, state: string) => ({ version: number, state }) as Contract;
    expect(currentContract([version(1, "ACTIVE"), version(2, "DEPRECATED")])?.version).toBe(1);
    expect(currentContract([version(1, "DEPRECATED"), version(2, "DEPRECATED")])?.version).toBe(2);
    expect(currentContract([])).toBeNull();
  });
});

describe("given an event and a patch", () => {
  test.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: ["b"] }, { a: { c: 1 } }, { a: { c: 1 } }],
    [{ a: { b: 1 } }, {}, { a: { b: 1 } }],
  ])("when %j is patched with %j, then it is %j", (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  test("when the patch names __proto__, then no prototype changes", () => {
    const patched = mergePatch({}, JSON.parse('{"__proto__":{"admin":true}}')) as {
      admin?: boolean;
    };
    expect(patched.admin).toBeUndefined();
  });
});
