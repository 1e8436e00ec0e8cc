import { expect, test } from "@jest/globals";
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
