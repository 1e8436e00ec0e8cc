import { expect, test } from "@jest/globals";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";

test("given a statement that fails outside a transaction, then the next one works", async () => {
  const database = await openEmbeddedDatabase(null);
  try {
    for (let time = 0; time < 3; time += 1) {
      await expect(database.query("select * from nowhere")).rejects.toThrow("nowhere");
      expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
    }
  } finally {
    await database.close();
  }
});
