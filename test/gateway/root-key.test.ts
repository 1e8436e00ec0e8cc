import "reflect-metadata";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { allScopes } from "../../kernel/security/scopes.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { gatewayModule } from "../../gateway/module.ts";
import { ApiKeys, hashOf } from "../../gateway/service/api-keys.ts";
import { PostgresApiKeyStore } from "../../gateway/store/postgres-api-key-store.ts";

let database: Database;
let store: PostgresApiKeyStore;
let apiKeys: ApiKeys;

beforeAll(async () => {
  database = await openEmbeddedDatabase(null);
  await migrate(database, "gateway", gatewayModule.migrations);
  store = new PostgresApiKeyStore(database);
  apiKeys = new ApiKeys(store, database.wakeUps, systemClock);
}, 60_000);
afterAll(() => database.close());

const [first, second] = ["first-".repeat(8), "second-".repeat(8)];
const find = (secret: string) => store.byHash(hashOf(secret));

test("given no key, when started, then one is made and told this once", async () => {
  const made = await apiKeys.ensureRoot(null);
  expect(made).toMatch(/^sk_.{40,}/);
  expect(await apiKeys.ensureRoot(null)).toBeNull();
  expect(await find(made!)).toMatchObject({ isRoot: true, revokedAt: null });
});

test("given a key, when started with it, then it is the root key, and the former is revoked", async () => {
  expect(await apiKeys.ensureRoot(first)).toBeNull();
  expect(await apiKeys.ensureRoot(first)).toBeNull();
  expect(await find(first)).toMatchObject({ isRoot: true, revokedAt: null });
  await apiKeys.ensureRoot(second);
  expect(await find(first)).toMatchObject({ revokedAt: expect.any(Date) });
});

test("given a key that was revoked, when started with it, then a sentence, and the root key stays", async () => {
  await expect(apiKeys.ensureRoot(first)).rejects.toThrow("ROOT_KEY was revoked.");
  expect(await find(second)).toMatchObject({ revokedAt: null });
});

test("given another key's secret, when started with it, then a sentence, and the root key stays", async () => {
  const principal = { id: "key_root", scopes: allScopes };
  const made = await apiKeys.create({ name: "crm", scopes: ["profiles:read"] }, principal);
  if (Array.isArray(made)) throw new Error("a key is made");
  await expect(apiKeys.ensureRoot(made.secret)).rejects.toThrow("another API key");
  expect(await find(second)).toMatchObject({ revokedAt: null });
});

test("given a root key from before a scope was there, when it asks, then it holds the scope, too", async () => {
  await database.query("update gateway.api_keys set scopes = '{profiles:read}' where is_root");
  expect((await find(second))?.scopes).toEqual(allScopes);
});
