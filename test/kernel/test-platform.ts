import "reflect-metadata";
import { graphql } from "graphql";
import { readConfig } from "../../kernel/config/read-config.ts";
import type { Database } from "../../kernel/database/database.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import { openPostgresDatabase } from "../../kernel/database/postgres-database.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { type RunningPlatform, startPlatform } from "../../kernel/module/start-platform.ts";
import type { SubgraphModule } from "../../kernel/module/subgraph-module.ts";
import { allScopes, type Scope } from "../../kernel/security/scopes.ts";
import type { SubgraphClient } from "../../kernel/federation/subgraph-client.ts";

/** A clock that stands still until it is moved. */
export class FakeClock {
  private at: Date;
  constructor(at: string | Date = new Date()) {
    this.at = new Date(at);
  }
  now(): Date {
    return new Date(this.at);
  }
  set(at: string | Date): void {
    this.at = new Date(at);
  }
  advanceMs(ms: number): void {
    this.at = new Date(this.at.getTime() + ms);
  }
}

export interface TestPlatform {
  running: RunningPlatform;
  database: Database;
  streams: RunningPlatform["platform"]["streams"];
  clock: FakeClock;
  /** Executes a document on one subgraph with the given scopes (all by default). */
  ask<T = Record<string, never>>(
    subgraph: string,
    document: string,
    variables?: Record<string, unknown>,
    scopes?: readonly Scope[],
  ): Promise<{ data?: T | null; errors?: readonly Error[] }>;
  /** Waits until every consumer has done all there is, and what it led to. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** PGlite in memory, or a fresh database on real PostgreSQL where TEST_DATABASE_URL is set. */
export async function openTestDatabase(): Promise<Database> {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) return openEmbeddedDatabase(null);
  const logger = createLogger("silent");
  const admin = await openPostgresDatabase(url, logger);
  const name = `selfsame_${process.pid}_${Date.now().toString(36)}_${Math.floor(Math.random() * 1e6)}`;
  await admin.query(`create database ${name}`);
  await admin.close();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return openPostgresDatabase(own.href, logger);
}

/** The modules, on an engine of their own. */
export async function startTestPlatform(
  modules: readonly SubgraphModule[],
  options: {
    clock?: FakeClock;
    elsewhere?: SubgraphClient;
    environment?: Record<string, string>;
  } = {},
): Promise<TestPlatform> {
  const clock = options.clock ?? new FakeClock();
  const running = await startPlatform({
    config: readConfig({ LOG_LEVEL: "silent", ...options.environment }),
    logger: createLogger((process.env.TEST_LOG_LEVEL ?? "silent") as "silent"),
    modules,
    clock,
    database: await openTestDatabase(),
    ...(options.elsewhere ? { elsewhere: options.elsewhere } : {}),
  });
  const { database, streams } = running.platform;
  return {
    running,
    database,
    streams,
    clock,
    ask: (subgraph, document, variables = {}, scopes = allScopes) =>
      graphql({
        schema: running.subgraphs.get(subgraph)!.schema.schema,
        source: document,
        variableValues: variables,
        contextValue: new RequestContext({ id: "key_test", scopes }),
      }) as never,
    settle: async () => {
      for (let calm = 0; calm < 2; ) {
        calm = (await streams.areSettled()) ? calm + 1 : 0;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    stop: () => running.stop(),
  };
}
