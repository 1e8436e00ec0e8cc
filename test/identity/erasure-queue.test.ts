import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import type { Erasure } from "../../subgraphs/identity/domain/erasure.ts";
import { Erasures } from "../../subgraphs/identity/store/erasures.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { unique } from "./identity-world.ts";

let database: Database;
let erasures: Erasures;
beforeAll(async () => {
  database = await openTestDatabase();
  await migrate(database, "identity", identityMigrations);
  erasures = new Erasures(database);
}, 120_000);
afterAll(() => database?.close());

const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n));

async function asked(): Promise<Erasure> {
  const erasure: Erasure = {
    ...{ id: unique("erasure_"), state: "PENDING", reason: "Request 4711", actor: "key_1" },
    ...{ personId: null, createdAt: second(0).toISOString(), finishedAt: null },
    ...{ stores: [{ name: "identity", state: "PENDING" }], work: null, attempts: 0 },
  };
  await erasures.add(erasure);
  return erasure;
}

test("given an erasure that fails again and again, when others are asked for, then it keeps none of them waiting, and comes after them", async () => {
  const failing = await asked();
  expect((await erasures.take(second(1), 30_000))?.id).toBe(failing.id);
  await erasures.save({ ...failing, attempts: 1 }, second(1));
  const other = await asked();
  expect((await erasures.take(second(2), 30_000))?.id).toBe(other.id);
  const finishedAt = second(3).toISOString();
  await erasures.save({ ...other, state: "DONE", finishedAt }, second(3));
  expect((await erasures.take(second(4), 30_000))?.id).toBe(failing.id);
});
