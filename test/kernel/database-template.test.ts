import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const template = "dist/kernel/database/template";

test("given the database that a first start copies, when somebody else than its builder does, then all may be read and nothing is anybody's to write", () => {
  const modes = new Set(
    readdirSync(template, { recursive: true, encoding: "utf8" }).map((name) => {
      const status = statSync(join(template, name));
      return `${status.isDirectory() ? "folder" : "file"} ${(status.mode & 0o777).toString(8)}`;
    }),
  );
  expect([...modes].toSorted()).toEqual(["file 644", "folder 755"]);
});
