import { describe, expect, test } from "@jest/globals";
import type { ValueCondition } from "../../subgraphs/audiences/domain/audience-rule.ts";
import { valuesAt } from "../../subgraphs/audiences/domain/property-path.ts";
import { meetsCondition } from "../../subgraphs/audiences/domain/value-condition.ts";

const absent = [] as unknown[];

const table: [ValueCondition, unknown[], boolean][] = [
  [{ equals: "DE" }, ["DE"], true],
  [{ equals: "DE" }, ["de"], false],
  [{ equals: 5 }, ["5"], false],
  [{ equals: 5 }, [5], true],
  [{ equals: false }, [false], true],
  [{ equals: false }, absent, false],
  [{ equals: "b" }, ["a", "b"], true],
  [{ notEquals: "DE" }, ["FR"], true],
  [{ notEquals: "DE" }, ["DE"], false],
  [{ notEquals: "DE" }, absent, true],
  [{ notEquals: "b" }, ["a", "b"], false],
  [{ in: ["a", 1] }, [1], true],
  [{ in: ["a", 1] }, ["1"], false],
  [{ notIn: ["a", 1] }, ["1"], true],
  [{ notIn: ["a", 1] }, ["a"], false],
  [{ notIn: ["a"] }, absent, true],
  [{ greaterThan: 2 }, [2], false],
  [{ greaterThan: 2 }, [2.1], true],
  [{ atLeast: 2 }, [2], true],
  [{ atLeast: 2 }, ["3"], false],
  [{ lessThan: 2 }, [2], false],
  [{ lessThan: 2 }, [null], false],
  [{ atMost: 2 }, [2], true],
  [{ atMost: 2 }, absent, false],
  [{ contains: "ell" }, ["hello"], true],
  [{ contains: "a" }, [["a", "b"]], true],
  [{ contains: 1 }, [["1"]], false],
  [{ contains: "a" }, [5], false],
  [{ startsWith: "he" }, ["hello"], true],
  [{ startsWith: "el" }, ["hello"], false],
  [{ before: "2026-01-01" }, ["2025-12-31T23:59:59Z"], true],
  [{ before: "2026-01-01" }, ["2026-01-01T00:00:00Z"], false],
  [{ before: "2026-01-01" }, ["2026-01-01T00:30:00+01:00"], true],
  [{ after: "2026-01-01" }, ["2026-01-02"], true],
  [{ after: "2026-01-01" }, ["later"], false],
  [{ after: "2026-01-01" }, ["2026-02-30"], false],
  [{ exists: true }, [0], true],
  [{ exists: true }, [null], false],
  [{ exists: false }, absent, true],
  [{ exists: false }, [""], false],
];

describe("value conditions", () => {
  test.each(table)("given %j, when tried on %j, then %s", (condition, values, expected) => {
    expect(meetsCondition(values, condition)).toBe(expected);
  });
});

const order = {
  total: 9.5,
  items: [{ sku: "a", tags: ["x"] }, { sku: "b" }],
  "utm.source": "mail",
  deep: { er: { est: null } },
};

const paths: [string, unknown[]][] = [
  ["total", [9.5]],
  ["items.sku", ["a", "b"]],
  ["items.1.sku", ["b"]],
  ["items.7.sku", []],
  ["items.tags", [["x"]]],
  ["utm.source", ["mail"]],
  ["deep.er.est", [null]],
  ["deep.er.est.more", []],
  ["constructor", []],
  ["__proto__.toString", []],
  ["items.length", []],
];

describe("property paths", () => {
  test.each(paths)("given %s, when followed, then %j", (path, expected) => {
    expect(valuesAt(order, path)).toEqual(expected);
  });
});
