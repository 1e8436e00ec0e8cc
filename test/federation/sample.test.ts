import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type RunningLayout, startLayout } from "./running-layout.ts";

let layout: RunningLayout;

beforeAll(async () => {
  layout = await startLayout();
}, 120_000);
afterAll(() => layout?.remove(), 60_000);

function tell(...options: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn("node", ["dist/sample/main.js", "--url", layout.url, ...options]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
}

const story = (...options: string[]) => tell("--key", layout.key, "--persons", "60", ...options);
/** What the verdict says of persons: the same whenever the same story is told. */
const verdictOf = (said: string) =>
  [...said.matchAll(/^ {2}(persons found|exactly right|wrong merges|missed merges) +(\d+)/gm)].map(
    ([, name, count]) => [name, Number(count)],
  );

test("given the story told twice, and another one after it, then each verdict is as if it were alone", async () => {
  const first = await story();
  expect(first).toMatchObject({ code: 0, said: expect.stringMatching(/wrong merges +0 pairs/) });
  expect(verdictOf(first.said)).toHaveLength(4);
  expect(first.said).toMatch(/webhooks +\d+ audience\.entered/);
  const other = await story("--seed", "8");
  expect(other).toMatchObject({ code: 0, said: expect.stringMatching(/wrong merges +0 pairs/) });
  const again = await story();
  expect(again.code).toBe(0);
  expect(verdictOf(again.said)).toEqual(verdictOf(first.said));
}, 180_000);

test.each([
  [["--key", "sk_of_nobody_0123456789abcdef0123456789"], "The key is not known"],
  [["--key", "k", "--url", "http://127.0.0.1:1"], "does not answer at http://127.0.0.1:1"],
  [["--key", "k", "--persons", "many"], "--persons must be"],
])("given %j, then a sentence and the exit code 1", async (options, sentence) => {
  const { code, said } = await tell(...options);
  expect({ code, lines: said.trim().split("\n").length }).toEqual({ code: 1, lines: 1 });
  expect(said).toContain(sentence);
});
