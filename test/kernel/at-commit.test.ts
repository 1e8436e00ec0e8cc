import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { openTestDatabase } from "./test-platform.ts";

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.query("create table at_commit (value text)");
}, 120_000);
afterAll(() => database?.close());

test("given a statement for the commit, when nobody waits for its rows, then it is carried out all the same", async () => {
  const insert = { text: "insert into at_commit values ($1) returning value" };
  const told: unknown[] = [];
  await database.transaction(async (tx) => {
    tx.atCommit(insert, ["nobody waits"]);
    tx.atCommit(insert, ["somebody waits"], (rows) => void told.push(rows[0]));
  });
  const rows = await database.query("select value from at_commit order by value");
  expect(rows).toEqual([{ value: "nobody waits" }, { value: "somebody waits" }]);
  expect(told).toEqual([{ value: "somebody waits" }]);
});
