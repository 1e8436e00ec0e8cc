import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  cleanJson,
  cleanText,
  isDamagedText,
} from "../../../subgraphs/events/domain/clean-json.ts";

/** Text as a hostile client writes it: any UTF-16, NUL and half characters among it. */
const hostileText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units));

const hostileKey = fc.oneof(
  hostileText,
  fc.constantFrom("__proto__", "constructor", "a\0", "toString"),
);

const hostileJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    hostileText,
    fc.double(),
    fc.constantFrom(null, true, Number.POSITIVE_INFINITY),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(hostileKey, tie("value")), { maxLength: 4 }).map(objectOf),
  ),
})).value;

/** As JSON.parse makes it: every key is the object's own, `__proto__` too. */
function objectOf(entries: [string, unknown][]): object {
  const made = {};
  for (const [key, value] of entries) {
    Object.defineProperty(made, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return made;
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...texts(part)]);
}

function keep(value: unknown) {
  const clean = cleanJson(value);
  if (!clean.ok) throw new Error(clean.reason);
  return clean;
}

describe("given any JSON a client can send", () => {
  test("when it is cleaned, then every text can be stored, and no key is __proto__", () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const found = texts(keep(value).value);
        expect(found.every((text) => text.isWellFormed() && !text.includes("\0"))).toBe(true);
        expect(found).not.toContain("__proto__");
      }),
    );
  });

  test("when it is cleaned, then it survives a round trip through JSON, and cleaning again changes nothing", () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const once = JSON.stringify(keep(value).value);
        expect(JSON.stringify(keep(JSON.parse(once)).value)).toBe(once);
      }),
    );
  });

  test("when its size is estimated, then its compact JSON is at most six times that", () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const clean = keep(value);
        const bytes = Buffer.byteLength(JSON.stringify(clean.value));
        expect(bytes).toBeLessThanOrEqual(clean.charactersAtMost * 6);
      }),
    );
  });

  test("when it is harmless, then it stays as it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text.isWellFormed() && !text.includes("\0"));
        expect(cleanText(text)).toBe(text);
        expect(keep({ text }).value).toEqual({ text });
      }),
    );
  });

  test.each([
    [64, true],
    [65, false],
    [10_000, false],
  ])("when it is nested %d levels, then whether it is taken is %s", (levels, isTaken) => {
    const nested: unknown = JSON.parse("[".repeat(levels) + "]".repeat(levels));
    expect(cleanJson(nested).ok).toBe(isTaken);
  });

  test.each(["a\0", "a\ufffd", "\ud800", "x\udfff"])(
    "when a text is %j, then it names nobody",
    (text) => {
      expect(isDamagedText(text)).toBe(true);
    },
  );
});
