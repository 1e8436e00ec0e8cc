import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const lock = join(import.meta.dirname, "../../kernel/database/folder-lock.ts");
const contender = `
  const { lockFolder } = await import(${JSON.stringify(lock)});
  while (Date.now() < ${"Number(process.argv[2])"}) {}
  await lockFolder(process.argv[1]).then(
    () => setTimeout(() => process.stdout.write("has it"), 1_000).ref(),
    (error) => process.stdout.write(error.code),
  );`;
const dying = `
  const { lockFolder } = await import(${JSON.stringify(lock)});
  await lockFolder(process.argv[1]);
  process.kill(process.pid, "SIGKILL");`;
const options = ["--no-warnings", "--input-type=module", "-e"];
const node = { env: { PATH: process.env["PATH"] } };

function contend(folder: string, at: number): Promise<string> {
  const child = spawn("node", [...options, contender, folder, String(at)], node);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => child.once("close", () => resolve(said)));
}

test.each([
  ["a new folder", false],
  ["a folder of a process that was killed", true],
])(
  "given %s, when three processes come at once, then one has it, every time",
  async (_, isStale) => {
    for (let round = 0; round < 6; round += 1) {
      const folder = mkdtempSync(join(tmpdir(), "selfsame-lock-"));
      if (isStale) spawnSync("node", [...options, dying, folder], node);
      const at = Date.now() + 700;
      const said = await Promise.all([1, 2, 3].map(() => contend(folder, at)));
      expect(said.sort()).toEqual(["UNAVAILABLE", "UNAVAILABLE", "has it"]);
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
