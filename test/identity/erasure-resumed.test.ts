import "reflect-metadata";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { graphql } from "graphql";
import { allModules } from "../../gateway/all-modules.ts";
import { readConfig } from "../../kernel/config/read-config.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { type RunningPlatform, startPlatform } from "../../kernel/module/start-platform.ts";
import { allScopes } from "../../kernel/security/scopes.ts";
import { tracesIn } from "./erasure-world.ts";

const texts = ["resumed-erased", "Resumedina"];

async function start(folder: string): Promise<RunningPlatform> {
  return startPlatform({
    config: readConfig({ LOG_LEVEL: "silent", DATA_DIR: folder }),
    logger: createLogger("silent"),
    modules: allModules,
    database: await openEmbeddedDatabase(folder),
  });
}

async function ask<T>(running: RunningPlatform, subgraph: string, source: string): Promise<T> {
  const { data, errors } = await graphql({
    schema: running.subgraphs.get(subgraph)!.schema.schema,
    source,
    contextValue: new RequestContext({ id: "key_test", scopes: allScopes }),
  });
  if (errors) throw errors[0];
  return data as T;
}

async function until<T>(read: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const found = await read();
    if (isSo(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not come to pass");
}

test("given an erasure that every stop cuts short, when the platform starts again and again, then it goes on where it was and ends", async () => {
  const folder = mkdtempSync(join(tmpdir(), "selfsame-erasure-"));
  try {
    let running = await start(folder);
    await ask(
      running,
      "events",
      'mutation { createSource(input: { name: "web", title: "W", kind: WEBSITE }) { problems { code } } }',
    );
    await ask(
      running,
      "events",
      `mutation { ingestEvents(input: { source: "web", events: [{ type: IDENTIFY, messageId: "r-1",
         userId: "resumed-erased", traits: { first_name: "Resumedina" } }] }) { accepted } }`,
    );
    const personOf =
      '{ person(by: { identifier: { namespace: "user_id", value: "resumed-erased" } }) { id } }';
    const { person } = await until(
      () => ask<{ person: { id: string } | null }>(running, "identity", personOf),
      (found) => found.person !== null,
    );
    const { erase } = await ask<{ erase: { erasure: { id: string } } }>(
      running,
      "identity",
      `mutation { erase(input: { subject: { person: "${person!.id}" }, reason: "r" }) { erasure { id } } }`,
    );
    const query = `{ erasure(id: "${erase.erasure.id}") { state } }`;
    const stateOf = () => ask<{ erasure: { state: string } }>(running, "identity", query);
    for (let cuts = 0; cuts < 3; cuts += 1) {
      await running.stop();
      running = await start(folder);
    }
    await until(stateOf, ({ erasure }) => erasure.state === "DONE");
    expect(await tracesIn(running.platform.database, texts)).toEqual([]);
    await running.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
