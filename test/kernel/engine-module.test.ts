import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { withHints } from "../../kernel/database/engine-module.ts";

const shipped = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
const read = (name: string) => readFileSync(join(shipped, name));

test("given the engine as it is shipped, when it gets hints, then the parser alone is held back, and it is a valid module", () => {
  const engine = read("pglite.wasm");
  const hinted = withHints(engine)!;
  expect(WebAssembly.validate(hinted)).toBe(true);
  const [section] = WebAssembly.Module.customSections(
    new WebAssembly.Module(hinted),
    "compilationHints",
  );
  const hints = [...new Uint8Array(section!)];
  expect(hints.filter((hint) => hint === 0b010110)).toHaveLength(1);
  expect(hinted.length - engine.length).toBeLessThan(hints.length + 100);
});

test("given a module with no function of that kind, when hints are asked for, then there are none", () => {
  expect(withHints(read("initdb.wasm"))).toBeNull();
});
