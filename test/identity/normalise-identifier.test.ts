import { describe, expect, test } from "@jest/globals";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { indexPolicy } from "../../subgraphs/identity/domain/identity-policy.ts";
import { IdentifierReader } from "../../subgraphs/identity/domain/normalise-identifier.ts";
import { observe } from "../../subgraphs/identity/domain/observation.ts";
import { event } from "./identity-world.ts";

const reader = new IdentifierReader(defaultPolicy);
const read = (namespace: string, value: string) => reader.read({ namespace, value });

describe("an identifier as somebody typed or pasted it", () => {
  test.each([
    ["email", "Ａｎａ＠Ｅｘａｍｐｌｅ．ｏｒｇ", "ana@example.org"],
    ["email", "\uFEFFana@example.org\u200B", "ana@example.org"],
    ["email", "ana\u200D@exam\u00ADple.org", "ana@example.org"],
    ["email", "\u3000\u00A0'ana@example.org'\u202C", "ana@example.org"],
    ["email", "A.n+a@example.org", "a.n+a@example.org"],
    ["phone", "＋３５１ ９１２ ３４５ ６７８", "+351912345678"],
    ["phone", "\u202A+351 912 345 678\u202C", "+351912345678"],
    ["user_id", "\u200BAbc\uFEFF", "Abc"],
    ["user_id", "\u2066Abc\u2069", "Abc"],
    ["user_id", "ＡＢ", "ＡＢ"],
    ["user_id", "\u200Dمی\u200Cخواهم\u200C", "می\u200Cخواهم"],
    ["ios.idfa", "\u200BAB-12", "ab-12"],
  ])("given a value of %s, %j, when it is read, then it is %j", (namespace, raw, value) => {
    expect(read(namespace, raw).identifier?.value).toBe(value);
  });

  test.each(["ｎｕｌｌ", "nu\u200Bll", "\uFEFF\u200B", "'Ｎ／Ａ'", "\u200D"])(
    "given a blocked value written as %j, when it is read, then it identifies nobody",
    (raw) => {
      for (const namespace of ["user_id", "anonymous_id", "member_id"]) {
        expect(read(namespace, raw)).toEqual({ identifier: null, dropped: "BLOCKED" });
      }
      expect(read("email", "ｎｏｒｅｐｌｙ@example.org").dropped).toBe("BLOCKED");
    },
  );

  test("given an alias that writes the former id in quotes, when it is read, then that id is only claimed to exist", () => {
    const alias = { type: "ALIAS" as const, ids: { user_id: "u2" }, previousId: "'\u200Bu1'" };
    const { claimed, ties } = observe(event(alias), 1, reader, indexPolicy(defaultPolicy));
    expect([...claimed].sort()).toEqual(["anonymous_id:u1", "user_id:u1"]);
    expect(ties.map(({ rule }) => rule)).toEqual(["alias", "alias"]);
  });
});
