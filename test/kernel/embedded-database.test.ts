import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";

let folder: string;
let database: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "selfsame-"));
  database = await openEmbeddedDatabase(folder);
}, 120_000);

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

test("given an open folder, when it is opened a second time, then it is refused", async () => {
  await expect(openEmbeddedDatabase(folder)).rejects.toThrow(/Another process/);
});

test("given a folder that cannot be used, when it is opened, then a sentence names it and says why", async () => {
  const own = mkdtempSync(join(tmpdir(), "selfsame-"));
  writeFileSync(join(own, "file"), "");
  mkdirSync(join(own, "broken", "postgres"), { recursive: true });
  writeFileSync(join(own, "broken", "postgres", "PG_VERSION"), "9");
  for (const name of ["file", "file/below", "broken", "broken"]) {
    const path = join(own, name);
    const refused = await openEmbeddedDatabase(path).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "UNAVAILABLE" });
    expect((refused as Error).message).toContain(`The data folder ${path} cannot be used: `);
  }
  rmSync(own, { recursive: true });
});

test("given an open folder, when another account looks, then what is inside is not for it", () => {
  expect(statSync(join(folder, "postgres")).mode & 0o777).toBe(0o700);
});

test("given the default settings, when asked, then fsync is on", async () => {
  const rows = await database.query<{ fsync: string }>("show fsync");
  expect(rows).toEqual([{ fsync: "on" }]);
});

test("given big integers and JSON, when read, then they are numbers and text", async () => {
  const rows = await database.query("select 7::bigint as n, '{\"a\":1}'::json as j");
  expect(rows).toEqual([{ n: 7, j: '{"a":1}' }]);
});

test("given an error in a transaction, when it is rolled back, then the session serves on", async () => {
  await expect(database.transaction((tx) => tx.query("select 1/0"))).rejects.toThrow(/zero/);
  expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
});

test("given a transaction, when the database itself is asked inside, then it says so", async () => {
  await expect(database.transaction(() => database.query("select 1"))).rejects.toThrow(
    /ask the transaction/,
  );
});

test("given the engine dies, when asked, then an error comes at once, and whoever opened it is told", async () => {
  const { postMessage } = Worker.prototype;
  const workers = new Set<Worker>();
  Worker.prototype.postMessage = function (this: Worker, ...given) {
    workers.add(this);
    return postMessage.apply(this, given);
  };
  let lost = 0;
  const mortal = await openEmbeddedDatabase(null, () => {
    lost += 1;
  });
  await mortal.query("select 1");
  Worker.prototype.postMessage = postMessage;
  for (const worker of workers) await worker.terminate();
  await expect(mortal.query("select 2")).rejects.toThrow("has stopped");
  await expect(mortal.query("select 3")).rejects.toThrow("has stopped");
  expect(lost).toBe(1);
});

test("given rows, when the folder is closed and opened again, then they are there", async () => {
  await database.query("create table kept (n int)");
  await database.query("insert into kept select generate_series(1, 1000)");
  await database.close();
  database = await openEmbeddedDatabase(folder);
  expect(await database.query("select count(*) as n from kept")).toEqual([{ n: 1000 }]);
});
