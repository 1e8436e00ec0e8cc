import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { openTestDatabase } from "./test-platform.ts";

const writers = 8;
const transactionsPerWriter = 150;

let database: Database;
let streams: Streams;

beforeAll(async () => {
  if (!process.env.TEST_DATABASE_URL) throw new Error("this test needs TEST_DATABASE_URL");
  database = await openTestDatabase();
  streams = await Streams.open(database, createLogger("silent"), systemClock);
});

afterAll(async () => {
  await streams.stop();
  await database.close();
});

test("given 8 writers that commit out of turn, when one reads past positions, then it misses none", async () => {
  const seen: number[] = [];
  let isWriting = true;
  const reading = (async () => {
    for (let after = 0; ; ) {
      // Known before the read: one that is under way at the last commit need not show it.
      const isLast = !isWriting;
      const page = await streams.read(database, "consent", after, 50);
      for (const entry of page) seen.push((entry.payload as { n: number }).n);
      after = page.at(-1)?.position ?? after;
      if (page.length === 0 && isLast) return;
    }
  })();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < transactionsPerWriter; n += 1) {
        await database.transaction(async (tx) => {
          const number = writer * transactionsPerWriter + n;
          await streams.append(tx, "consent", [
            { key: String(number), kind: "TEST", payload: { n: number } },
          ]);
          // Something after the append, so that commits take different times.
          await tx.query("select pg_sleep(random() * 0.002)");
        });
      }
    }),
  );
  isWriting = false;
  await reading;
  expect(seen).toHaveLength(writers * transactionsPerWriter);
  expect(new Set(seen).size).toBe(writers * transactionsPerWriter);
}, 60_000);

test("given two replicas of a consumer, when both run, then each effect happens once", async () => {
  await database.query("create table effects (n int)");
  const consume = () =>
    streams.consume({
      consumer: "twins",
      stream: "consent",
      batchSize: 37,
      handle: async (tx, entries) => {
        await tx.query("insert into effects select unnest($1::int[])", [
          entries.map((entry) => (entry.payload as { n: number }).n),
        ]);
      },
    });
  const twins = [consume(), consume()];
  const all = writers * transactionsPerWriter;
  for (let count = 0; count < all; ) {
    const [row] = await database.query<{ n: number }>("select count(*) as n from effects");
    count = row!.n;
  }
  await Promise.all(twins.map((twin) => twin.stop()));
  const [row] = await database.query("select count(*) as n, count(distinct n) as d from effects");
  expect(row).toEqual({ n: all, d: all });
}, 60_000);
