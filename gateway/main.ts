import "reflect-metadata";
import { enableCompileCache } from "node:module";
import { readTogether } from "../kernel/config/read-together.ts";
import { openEmbeddedDatabase } from "../kernel/database/embedded-database.ts";
import { openPostgresDatabase } from "../kernel/database/postgres-database.ts";
import { createLogger } from "../kernel/logging/logger.ts";
import { onTermination } from "../kernel/module/on-termination.ts";
import { startOrExplain } from "../kernel/module/command-line.ts";
import { allSettings } from "./all-settings.ts";

const usage = `Selfsame in one process: the gateway, six subgraphs and their workers, on one port.

  PORT          where to listen (4000); HOST (127.0.0.1)
  DATA_DIR      the embedded database (./data)
  DATABASE_URL  PostgreSQL in place of the embedded database
  NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD  the identity graph on Neo4j
  ROOT_KEY      the first API key, at least 32 characters; made and printed once when absent
  CORS_ORIGINS  web origins that may use /graphql, comma-separated
  JWKS_URL, JWT_ISSUER, JWT_AUDIENCE  whose tokens are believed, beside API keys
  LOG_LEVEL     debug, info, warn, error, silent (info)
All settings: docs/configuration.md`;

async function main(): Promise<void> {
  // Compiled code is kept in the system's temporary folder: the second start is quicker.
  enableCompileCache();
  const config = readTogether(allSettings);
  const logger = createLogger(config.logLevel);
  if (config.neo4j) {
    const { checkNeo4j } = await import("./services/check-neo4j.ts");
    await checkNeo4j(config.neo4j);
  }
  const opening = config.databaseUrl
    ? openPostgresDatabase(config.databaseUrl.reveal(), logger)
    : openEmbeddedDatabase(config.dataDir, () => {
        process.stderr.write("Selfsame cannot go on. Its embedded database has stopped.\n");
        process.exit(1);
      });
  // The engine starts in a thread of its own; meanwhile this one loads the code, which takes as long.
  const [database, { startOneProcess }] = await Promise.all([opening, import("./one-process.ts")]);
  const stop = await startOneProcess(config, logger, database);
  onTermination(logger, stop);
}

await startOrExplain(usage, main);
