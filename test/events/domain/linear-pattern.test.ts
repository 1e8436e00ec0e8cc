import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { linearPattern } from "../../../subgraphs/events/domain/linear-pattern.ts";

describe("given a pattern with counted repetitions", () => {
  test.each([
    ["^[A-Z]{2}\\d{3}$", "^[A-Z][A-Z]\\d\\d\\d$"],
    ["a{0,2}b{2,}", "a?a?bbb*"],
    ["(a|b{2}){2}", "(?:a|bb)(?:a|bb)"],
    ["(?<year>\\d{2})-", "(?:\\d\\d)-"],
    ["x{0}", "(?:)"],
    ["[\\]{2}]{2}", "[\\]{2}][\\]{2}]"],
    ["\\u0041{2}\\x41{2}\\{2}", "\\u0041\\u0041\\x41\\x41\\{2\\}"],
    ["a{b}{,2}", "a\\{b\\}\\{,2\\}"],
    ["{{2}1}", "\\{\\{1\\}"],
    ["a{2,3}?c+?", "aaa?c+?"],
  ])("when it is %s, then it is written out", (pattern, expected) => {
    expect(linearPattern(pattern)).toBe(expected);
  });

  test.each([
    "^(?=a)",
    "(?<!a)b",
    "(a)\\1",
    "(?<n>a)\\k<n>",
    "a{1001}",
    "((a{20}){20}){20}",
    "(?:){9999999999}",
  ])("when it is %s, then it is none of linear time", (pattern) => {
    expect(linearPattern(pattern)).toBeNull();
  });

  test("when it is anything, then it matches the same texts as before", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\w", "\\u0061", "\\b", "{", "1}");
    const count = fc.constantFrom("", "*", "+", "?", "{2}", "{0,2}", "{1,}", "{2,3}?", "{0}");
    const { pattern } = fc.letrec<{ pattern: string; term: string }>((tie) => ({
      pattern: fc.array(tie("term"), { maxLength: 4 }).map((terms) => terms.join("")),
      term: fc.oneof(
        { depthSize: "small" },
        fc.tuple(atom, count).map((parts) => parts.join("")),
        fc.constantFrom("|", "^", "$"),
        fc
          .tuple(fc.constantFrom("(", "(?:", "(?<n>"), tie("pattern"), count)
          .map(([start, inner, many]) => `${start}${inner})${many}`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom("a", "b", "1", "{", "}", " "), maxLength: 12 });
    fc.assert(
      fc.property(pattern, fc.array(text), (written, texts) => {
        fc.pre(isValid(written));
        const linear = linearPattern(written);
        if (linear === null) return;
        for (const one of texts) {
          expect(new RegExp(linear).test(one)).toBe(new RegExp(written).test(one));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

function isValid(pattern: string): boolean {
  try {
    return new RegExp(pattern).source !== "";
  } catch {
    return false;
  }
}
