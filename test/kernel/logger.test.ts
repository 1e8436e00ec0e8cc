import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";

/** What a process that logs these fields writes; by itself, since the log is its standard error. */
function written(fields: string): string {
  const program = `
    const { createLogger } = await import("./dist/kernel/logging/logger.js");
    const logger = createLogger("debug");
    for (const level of ["debug", "info", "warn", "error"]) logger[level]("failed", ${fields});
  `;
  const { stderr } = spawnSync("node", ["--input-type=module", "-e", program]);
  return stderr.toString();
}

test.each([
  ["an Error", `{ error: Object.assign(new Error("key (ana@example.com)"), { code: "23505" }) }`],
  ["what another process threw", `{ cause: { message: "ana@example.com", code: "23505" } }`],
  [
    "an error as GraphQL",
    `{ cause: { message: "ana@example.com", extensions: { code: "23505" } } }`,
  ],
])("given %s, when it is logged, then its code is kept and its message is not", (_what, fields) => {
  const lines = written(fields).trim().split("\n");
  expect(lines).toHaveLength(4);
  for (const line of lines) {
    expect(line).toContain("23505");
    expect(line).not.toContain("ana@");
  }
});
