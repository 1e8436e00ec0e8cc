import { describe, expect, test } from "@jest/globals";
import { maskFreeText, maskJson } from "../../kernel/federation/mask.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";

const reader = new RequestContext({ id: "key_test", scopes: ["profiles:read"] });
const insider = new RequestContext({ id: "key_test", scopes: ["profiles:read", "pii:read"] });

describe("given a free text and a reader without pii:read", () => {
  test.each([
    ["asked by ana@example.com, twice", "asked by a•••, twice"],
    ["<Ana.Silva+crm@mail.example.pt>", "<A•••>"],
    ["see ?mail=ana%40example.com&x=1", "see ?•••"],
    ["zoë@exämple.de schrieb", "z••• schrieb"],
    ["mailto:ana@example.com", "mailto:a•••"],
    ["call +351 912 345 678 first", "call +••• first"],
    ["call (0351) 912-345.678", "call (•••"],
    ["٠٩١٢٣٤٥٦٧٨ rief an", "٠••• rief an"],
    ["born 1980-02-03", "born 1•••"],
    ["card 4242 4242 4242 4242.", "card 4•••."],
    ["same person, see ticket 4711", "same person, see ticket 4711"],
    ["double-opt-in", "double-opt-in"],
    ["", ""],
  ])("when it reads %j, then it sees %j", (text, seen) => {
    expect(maskFreeText(reader, text)).toBe(seen);
    expect(maskFreeText(insider, text)).toBe(text);
  });

  test("when there is none, then there is none", () => {
    expect(maskFreeText(reader, null)).toBeNull();
  });

  test.each([
    ["no end of an address", "a".repeat(100_000)],
    ["numbers that are none", "1 ".repeat(5) + "    ".repeat(25_000)],
    ["ats alone", "@".repeat(100_000)],
  ])("when it is long with %s, then masking stays quick", (_name, text) => {
    const from = performance.now();
    maskFreeText(reader, text);
    expect(performance.now() - from).toBeLessThan(1_000);
  });
});

test("given JSON, when it is read without pii:read, then values are masked, and addresses in names", () => {
  const value = { plan: "gold", opens: { "ana@example.com": 3, "2026-01-01": [true, null] } };
  const seen = { plan: "g•••", opens: { "a•••": "•••", "2026-01-01": [true, null] } };
  expect(maskJson(reader, value)).toEqual(seen);
  expect(maskJson(insider, value)).toEqual(value);
});
