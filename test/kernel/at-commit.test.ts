import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { openTestDatabase } from "./test-platform.ts";

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.query("create table kept (word text primary key)");
}, 60_000);
afterAll(() => database?.close());

const insert = { name: "at-commit-insert", text: "insert into kept values ($1) returning word" };

async function words(): Promise<string[]> {
  const rows = await database.query<{ word: string }>("select word from kept order by word");
  return rows.map(({ word }) => word);
}

test("given statements left for the commit, when it comes, then all of them have run, in order", async () => {
  const told: string[] = [];
  await database.transaction(async (tx) => {
    tx.atCommit(insert, ["nobody asks for its rows"]);
    tx.atCommit<{ word: string }>(insert, ["rows"], (rows) => told.push(rows[0]!.word));
    tx.afterCommit(() => told.push("after"));
  });
  expect(await words()).toEqual(["nobody asks for its rows", "rows"]);
  expect(told).toEqual(["rows", "after"]);
});

test("given a statement at the commit that fails, when it comes, then nothing of the transaction stays", async () => {
  const before = await words();
  const failing = database.transaction(async (tx) => {
    await tx.query(insert, ["first"]);
    tx.atCommit(insert, ["rows"]);
    tx.atCommit(insert, ["last"]);
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await words()).toEqual(before);
});

test("given an error that the work passes over, when it ends, then it is told that nothing was kept", async () => {
  const before = await words();
  const passing = database.transaction(async (tx) => {
    await tx.query(insert, ["kept?"]);
    await tx.query(insert, ["rows"]).catch(() => undefined);
  });
  await expect(passing).rejects.toThrow();
  expect(await words()).toEqual(before);
});

test("given two statements sent without waiting, when both are answered, then each has its own rows", async () => {
  const [one, other] = await database.transaction((tx) =>
    Promise.all([
      tx.query<{ word: string }>(insert, ["a"]),
      tx.query<{ word: string }>(insert, ["b"]),
    ]),
  );
  expect([one, other]).toEqual([[{ word: "a" }], [{ word: "b" }]]);
});

test("given statements that nobody waits for, when the transaction ends, then all of them have run, in order", async () => {
  await database.transaction(async (tx) => {
    tx.write(insert, ["written"]);
    tx.write("update kept set word = word || ' again' where word = $1", ["written"]);
  });
  expect(await words()).toContain("written again");
});

test("given a statement that nobody waits for and that fails, when others follow, then its own error is told and nothing stays", async () => {
  const before = await words();
  const failing = database.transaction(async (tx) => {
    tx.write(insert, ["lost"]);
    tx.write(insert, ["rows"]);
    await tx.query(insert, ["after it"]);
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await words()).toEqual(before);
  expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
});

test("given a statement that nobody waits for and that fails last, when the commit comes, then its error is told", async () => {
  const before = await words();
  const failing = database.transaction(async (tx) => tx.write(insert, ["rows"]));
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await words()).toEqual(before);
});
