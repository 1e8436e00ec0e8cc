import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { MatchingModels } from "../../subgraphs/identity/store/matching-models.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(() => database?.close());

test("given models in the form of an earlier version, when migrated, then they are set aside, and those of this one stay", async () => {
  const place = identityMigrations.findIndex(({ name }) => name === "0016-models-of-version-2");
  await migrate(database, "identity", identityMigrations.slice(0, place));
  const body = (version: number) => JSON.stringify({ model: { version } });
  await database.query(
    `insert into identity.matching_models (version, state, seed, record_count, created_at, body)
     values (1, 'ACTIVE', 1, 300, '2026-01-01', $1), (2, 'ACTIVE', 1, 600, '2026-01-02', $2),
       (3, 'ACTIVE', 1, 900, '2026-01-03', $1)`,
    [body(1), body(2)],
  );
  await migrate(database, "identity", identityMigrations);
  const models = new MatchingModels(database);
  expect(await models.versionInForce()).toBe(2);
  expect(await models.list(10, null)).toMatchObject([
    { version: 3, state: "FAILED", recordCount: 0, problem: expect.stringContaining("train anew") },
    { version: 2, state: "ACTIVE", recordCount: 600, problem: null },
    { version: 1, state: "FAILED" },
  ]);
});
