import { describe, expect, test } from "@jest/globals";
import { parseRule } from "../../subgraphs/audiences/domain/parse-rule.ts";

function deep(levels: number): unknown {
  return levels === 1 ? { trait: { name: "a", is: { exists: true } } } : { not: deep(levels - 1) };
}
const leaf = { trait: { name: "a", is: { exists: true } } };

const refused: [string, unknown, string, string][] = [
  ["nothing", {}, "EXACTLY_ONE", "rule"],
  ["two kinds at one node", { all: [leaf], any: [leaf] }, "EXACTLY_ONE", "rule"],
  ["a null", { not: null }, "EXACTLY_ONE", "rule"],
  ["a text", "members", "INVALID_RULE", "rule"],
  ["an unknown kind", { some: [leaf] }, "UNKNOWN_FIELD", "rule.some"],
  ["an empty list", { any: [] }, "INVALID_LIST", "rule.any"],
  ["nine levels", deep(9), "TOO_DEEP", "rule.not.not.not.not.not.not.not.not"],
  ["101 nodes", { all: Array.from({ length: 100 }, () => leaf) }, "TOO_LARGE", "rule.all.99"],
  ["an event with no name", { event: { within: "P1D" } }, "INVALID_NAME", "rule.event.name"],
  ["a name with NUL", { event: { name: "a\0" } }, "INVALID_NAME", "rule.event.name"],
  ["a name of half a character", { event: { name: "\ud800" } }, "INVALID_NAME", "rule.event.name"],
  ["a month", { event: { name: "a", within: "P1M" } }, "INVALID_DURATION", "rule.event.within"],
  [
    "no time at all",
    { event: { name: "a", within: "PT0S" } },
    "INVALID_DURATION",
    "rule.event.within",
  ],
  ["an age", { event: { name: "a", within: "P99999D" } }, "INVALID_DURATION", "rule.event.within"],
  [
    "a negative count",
    { event: { name: "a", count: { atLeast: -1 } } },
    "INVALID_COUNT",
    "rule.event.count.atLeast",
  ],
  [
    "half a count",
    { event: { name: "a", count: { atMost: 1.5 } } },
    "INVALID_COUNT",
    "rule.event.count.atMost",
  ],
  [
    "a huge count",
    { event: { name: "a", count: { exactly: 1001 } } },
    "INVALID_COUNT",
    "rule.event.count.exactly",
  ],
  ["a count of nothing", { event: { name: "a", count: {} } }, "INVALID_COUNT", "rule.event.count"],
  [
    "exactly with another",
    { event: { name: "a", count: { exactly: 1, atMost: 1 } } },
    "INVALID_COUNT",
    "rule.event.count",
  ],
  [
    "an empty range",
    { event: { name: "a", count: { atLeast: 2, atMost: 1 } } },
    "INVALID_COUNT",
    "rule.event.count",
  ],
  [
    "a value with NUL",
    { trait: { name: "a", is: { in: ["b", "c\0"] } } },
    "INVALID_VALUE",
    "rule.trait.is.in",
  ],
  [
    "a value of half a character",
    { trait: { name: "a", is: { startsWith: "\ud83d" } } },
    "INVALID_VALUE",
    "rule.trait.is.startsWith",
  ],
  [
    "a day that there is not",
    { trait: { name: "a", is: { before: "2026-02-30" } } },
    "INVALID_VALUE",
    "rule.trait.is.before",
  ],
  ["an unknown type", { event: { name: "a", type: "CLICK" } }, "INVALID_VALUE", "rule.event.type"],
  ["no operator", { trait: { name: "a", is: {} } }, "EXACTLY_ONE", "rule.trait.is"],
  [
    "two operators",
    { trait: { name: "a", is: { atLeast: 1, atMost: 2 } } },
    "EXACTLY_ONE",
    "rule.trait.is",
  ],
  [
    "an unknown operator",
    { trait: { name: "a", is: { like: "x" } } },
    "UNKNOWN_FIELD",
    "rule.trait.is.like",
  ],
  [
    "a text as number",
    { trait: { name: "a", is: { atLeast: "1" } } },
    "INVALID_VALUE",
    "rule.trait.is.atLeast",
  ],
  [
    "an object to equal",
    { trait: { name: "a", is: { equals: {} } } },
    "INVALID_VALUE",
    "rule.trait.is.equals",
  ],
  [
    "an empty choice",
    { trait: { name: "a", is: { in: [] } } },
    "INVALID_VALUE",
    "rule.trait.is.in",
  ],
  [
    "1,001 choices",
    { trait: { name: "a", is: { in: Array(1001).fill(1) } } },
    "INVALID_VALUE",
    "rule.trait.is.in",
  ],
  [
    "no date",
    { trait: { name: "a", is: { before: "soon" } } },
    "INVALID_VALUE",
    "rule.trait.is.before",
  ],
  [
    "a bad where",
    { event: { name: "a", where: [{ property: "", is: { equals: 1 } }] } },
    "INVALID_NAME",
    "rule.event.where.0.property",
  ],
];

describe("reading a rule", () => {
  test.each(refused)(
    "given %s, when read, then it is refused with the place",
    (_, rule, code, path) => {
      const { rule: read, problems } = parseRule(rule);
      expect(read).toBeNull();
      expect(problems.map((each) => [each.code, each.path.join(".")])).toContainEqual([code, path]);
    },
  );

  test("given several faults, when read, then all are told", () => {
    const { problems } = parseRule({
      all: [{ event: { name: "a", within: "x" } }, { trait: { name: "", is: {} } }, {}],
    });
    expect(problems).toHaveLength(4);
  });

  test("given absent fields as undefined or in another order, when read, then the canonical text is the same", () => {
    const one = {
      event: {
        where: undefined,
        within: "P1D",
        name: "a",
        count: { atLeast: 1, atMost: undefined },
      },
    };
    const other = { any: undefined, event: { name: "a", count: { atLeast: 1 }, within: "P1D" } };
    expect(JSON.stringify(parseRule(one).rule)).toBe(JSON.stringify(parseRule(other).rule));
  });

  test("given eight levels, when read, then it is accepted", () => {
    expect(parseRule(deep(8)).problems).toEqual([]);
  });
});
