import { expect, test } from "@jest/globals";
import { isUnavailable } from "../../kernel/streams/is-unavailable.ts";
import { openTestDatabase } from "./test-platform.ts";

test("given a session of the pool, when its first statement runs, then nothing is compiled for it", async () => {
  const database = await openTestDatabase();
  try {
    const settings = await Promise.all(Array.from({ length: 5 }, () => database.query("show jit")));
    expect(settings.flat()).toEqual(Array.from({ length: 5 }, () => ({ jit: "off" })));
  } finally {
    await database.close();
  }
});

test("given a session that the engine ends within a transaction, when it goes on, then it fails alone, and the next one works", async () => {
  const database = await openTestDatabase();
  try {
    const broken = database.transaction(async (tx) => {
      const [{ pid }] = (await tx.query("select pg_backend_pid() as pid")) as [{ pid: number }];
      await database.query("select pg_terminate_backend($1, 10000)", [pid]);
      // What the engine said last has come by the time that it answers another session.
      await database.query("select 1");
      await tx.query("select 1");
    });
    expect(isUnavailable(await broken.catch((error: unknown) => error))).toBe(true);
    expect(await database.transaction((tx) => tx.query("select 1 as one"))).toEqual([{ one: 1 }]);
  } finally {
    await database.close();
  }
});
