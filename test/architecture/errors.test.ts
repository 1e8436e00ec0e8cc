import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { errorCodes } from "../../kernel/errors/codes.ts";

test("docs/errors.md explains exactly the codes there are", () => {
  const documented = [...readFileSync("docs/errors.md", "utf8").matchAll(/^\| `([A-Z_]+)`/gm)];
  expect(documented.map(([, code]) => code).sort()).toEqual([...errorCodes].sort());
});
