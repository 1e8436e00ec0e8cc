import "reflect-metadata";
import { existsSync } from "node:fs";
import type { Config } from "../../kernel/config/read-config.ts";
import type { Database } from "../../kernel/database/database.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import { openPostgresDatabase } from "../../kernel/database/postgres-database.ts";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import { openNeo4jDatabase } from "../../kernel/graph/neo4j-database.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { Rebuild } from "./service/rebuild.ts";
import { openReader } from "./module.ts";

/** What the command is told, and whom it tells. */
export interface RebuildCommand {
  config: Config;
  /** The log as it stood then; null: now, and the graph is compared with it. */
  position: number | null;
  write(line: string): void;
}

const differencesShownMax = 1_000;

/**
 * Rebuilds the graph from its audit log and compares; true when they agree. The embedded database
 * must not be in use. Identifiers are shown: what is printed is personal data.
 */
export async function rebuildIdentity(command: RebuildCommand): Promise<boolean> {
  const { config, position, write } = command;
  const database = await openDatabase(config);
  const { neo4j } = config;
  const graph = neo4j && (await openNeo4jDatabase({ ...neo4j, password: neo4j.password.reveal() }));
  try {
    const rebuild = new Rebuild(openReader(database, graph));
    if (position !== null) return await print(rebuild, position, write);
    const { entries, persons, partition, differences } = await rebuild.compare();
    write(`${entries} audit entries: ${persons} persons, ${partition.size} identifiers`);
    for (const { key, audited, stored } of differences.slice(0, differencesShownMax)) {
      write(`${key}\taudit log: ${audited ?? "nobody"}\tgraph: ${stored ?? "nobody"}`);
    }
    write(differences.length === 0 ? "they agree" : `${differences.length} differences`);
    return differences.length === 0;
  } finally {
    await graph?.close();
    await database.close();
  }
}

/** Throws NOT_FOUND where no platform ever ran. */
async function openDatabase({ databaseUrl, dataDir }: Config): Promise<Database> {
  const nothing = new DomainError("NOT_FOUND", "there is no identity graph here");
  if (!databaseUrl && !existsSync(dataDir)) throw nothing;
  const database = databaseUrl
    ? await openPostgresDatabase(databaseUrl.reveal(), createLogger("silent"))
    : await openEmbeddedDatabase(dataDir);
  const [row] = await database.query<{ found: boolean }>(
    "select to_regclass('identity.writer') is not null as found",
  );
  if (row?.found) return database;
  await database.close();
  throw nothing;
}

async function print(
  rebuild: Rebuild,
  position: number,
  write: RebuildCommand["write"],
): Promise<boolean> {
  const { entries, persons, partition } = await rebuild.rebuild(position);
  const members = Map.groupBy([...partition], ([, personId]) => personId);
  for (const [personId, own] of [...members].sort(([a], [b]) => (a < b ? -1 : 1))) {
    write(JSON.stringify({ personId, identifiers: own.map(([key]) => key).sort() }));
  }
  write(`${entries} audit entries: ${persons} persons, ${partition.size} identifiers`);
  return true;
}
