import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { graphqlRows } from "./bad-input/graphql-rows.ts";
import { ingestionRows } from "./bad-input/ingestion-rows.ts";
import { startRows } from "./bad-input/start-rows.ts";
import { openWorld, type World } from "./bad-input/world.ts";
import { startLayout } from "./running-layout.ts";

const rows = { ...ingestionRows, ...graphqlRows, ...startRows };
const table = [
  ...readFileSync("docs/bad-input.md", "utf8").matchAll(/^\| `([a-z0-9-]+)` \| (.+)$/gm),
];
let world: World;

beforeAll(async () => {
  // Nobody's network: no address beside the public ones may be reached.
  const environment = { OUTBOUND_ALLOW: "203.0.113.0/24", STREAM_RETENTION_DAYS: "0.0001" };
  world = await openWorld(await startLayout(environment));
}, 120_000);

afterAll(async () => {
  await world?.layout.remove();
}, 60_000);

test("docs/bad-input.md has a row for each test, and each row says all three things", () => {
  expect(table.map(([, id]) => id).sort()).toEqual(Object.keys(rows).sort());
  for (const [, , cells] of table) expect(cells!.match(/[^|]*\w[^|]*\|/g)).toHaveLength(3);
});

test.each(table.map(([, id, cells]) => [id!, cells!.split(" |")[0]!]))(
  "%s: %s",
  async (id) => {
    expect(rows[id]).toBeDefined();
    await rows[id]!(world);
  },
  120_000,
);

test("given all that was bad, then the process is the same as before, and ready", async () => {
  expect(world.layout.process.exitCode).toBeNull();
  expect((await fetch(`${world.layout.url}/ready`)).status).toBe(200);
});
