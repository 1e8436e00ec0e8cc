import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auth, driver } from "neo4j-driver";
import type { Database } from "../../../kernel/database/database.ts";
import { openEmbeddedDatabase } from "../../../kernel/database/embedded-database.ts";
import { migrate } from "../../../kernel/database/migrate.ts";
import { openPostgresDatabase } from "../../../kernel/database/postgres-database.ts";
import { openNeo4jDatabase } from "../../../kernel/graph/neo4j-database.ts";
import { createLogger } from "../../../kernel/logging/logger.ts";
import { Streams } from "../../../kernel/streams/streams.ts";
import { systemClock } from "../../../kernel/time/clock.ts";
import { identityMigrations } from "../../../subgraphs/identity/store/migrations.ts";
import type { IdentityStore } from "../../../subgraphs/identity/store/identity-store.ts";
import { Neo4jIdentityStore } from "../../../subgraphs/identity/store/neo4j-identity-store.ts";
import { PostgresIdentityStore } from "../../../subgraphs/identity/store/postgres-identity-store.ts";

export const ENGINES = ["pglite", "postgres", "neo4j"] as const;
export type EngineName = (typeof ENGINES)[number];

/** An empty store on a real, durable engine. */
export interface OpenEngine {
  readonly store: IdentityStore;
  close(): Promise<void>;
}

const logger = createLogger("warn");

/** A fresh database on the server of `url`, dropped at the end. */
async function freshDatabase(
  url: string,
): Promise<{ database: Database; drop: () => Promise<void> }> {
  const admin = await openPostgresDatabase(url, logger);
  const name = `selfsame_bench_${process.pid}`;
  await admin.query(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const database = await openPostgresDatabase(own.href, logger);
  const drop = async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.close();
  };
  return { database, drop };
}

function folderDatabase(): Promise<{ database: Database; drop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "selfsame-identify-"));
  return openEmbeddedDatabase(folder).then((database) => ({
    database,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }));
}

async function emptyGraph(uri: string): Promise<void> {
  const admin = driver(uri, auth.basic("neo4j", ""));
  const session = admin.session();
  await session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS");
  await session.close();
  await admin.close();
}

function required(name: "TEST_DATABASE_URL" | "TEST_NEO4J_URI"): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(
      `${name} is not set; eval "$(scripts/test-services.sh start)" starts the engines`,
    );
  return value;
}

/** Opens an engine; `neo4j` empties the graph it finds, so it must be one for tests. */
export async function openEngine(name: EngineName): Promise<OpenEngine> {
  const { database, drop } =
    name === "pglite" ? await folderDatabase() : await freshDatabase(required("TEST_DATABASE_URL"));
  const streams = await Streams.open(database, logger, systemClock);
  const closeBelow = async () => {
    await streams.stop();
    await database.close();
    await drop();
  };
  const parts = { database, streams, clock: systemClock, logger };
  if (name !== "neo4j") {
    await migrate(database, "identity", identityMigrations);
    return { store: new PostgresIdentityStore(parts), close: closeBelow };
  }
  const uri = required("TEST_NEO4J_URI");
  await emptyGraph(uri);
  const graph = await openNeo4jDatabase({ uri, username: "neo4j", password: "" });
  const store = await Neo4jIdentityStore.open(parts, graph);
  const close = async () => {
    await store.close();
    await closeBelow();
  };
  return { store, close };
}
