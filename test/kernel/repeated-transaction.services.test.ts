import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database, Transaction } from "../../kernel/database/database.ts";
import { startTestPlatform, type TestPlatform } from "./test-platform.ts";

let platform: TestPlatform;
let database: Database;

beforeAll(async () => {
  if (!process.env.TEST_DATABASE_URL) throw new Error("this test needs TEST_DATABASE_URL");
  platform = await startTestPlatform([]);
  database = platform.database;
  await database.query("create table public.counters (name text primary key, count int not null)");
  await database.query("insert into public.counters values ('a', 0), ('b', 0)");
}, 60_000);
afterAll(() => platform?.stop());

const add = (tx: Transaction, name: string) =>
  tx.query("update public.counters set count = count + 1 where name = $1", [name]);

/** Two units that hold what the other one wants: each waits for the other before its second row. */
async function crosswise(isRepeatable: boolean) {
  const meeting = Promise.withResolvers<void>();
  let present = 0;
  const unit = (first: string, second: string) => async (tx: Transaction) => {
    await add(tx, first);
    present += 1;
    if (present === 2) meeting.resolve();
    await meeting.promise;
    await add(tx, second);
  };
  const options = { isRepeatable };
  return Promise.allSettled([
    database.transaction(unit("a", "b"), options),
    database.transaction(unit("b", "a"), options),
  ]);
}

test("given units that wait for each other, when they can be repeated, then both are done, once", async () => {
  const [one, other] = await crosswise(true);
  expect([one.status, other.status]).toEqual(["fulfilled", "fulfilled"]);
  const rows = await database.query("select count from public.counters order by name");
  expect(rows).toEqual([{ count: 2 }, { count: 2 }]);
});

test("given units that wait for each other, when they may not be repeated, then one is told", async () => {
  const ends = await crosswise(false);
  const failed = ends.filter((end) => end.status === "rejected");
  expect(failed.map(({ reason }) => (reason as { code?: string }).code)).toEqual(["40P01"]);
});
