import "reflect-metadata";
import { readConfig } from "../kernel/config/read-config.ts";
import { createLogger } from "../kernel/logging/logger.ts";
import { onTermination } from "../kernel/module/on-termination.ts";
import { startPlatform } from "../kernel/module/start-platform.ts";
import { allModules } from "./all-modules.ts";
import { startOrExplain } from "./command-line.ts";
import { Gateway, reporter } from "./gateway.ts";
import { explorerFolder, pageRoutes } from "./http/page-routes.ts";
import { gatewayModule, type RunningGatewayPart } from "./module.ts";
import { sayReady } from "./say-ready.ts";
import { supergraphOf } from "./supergraph/load-supergraph.ts";
import { LocalTransport } from "./transport/local-transport.ts";

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
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const modules = [...(await allModules()), gatewayModule];
  const running = await startPlatform({ config, logger, modules });
  try {
    const part = running.subgraphs.get("gateway") as RunningGatewayPart;
    const parts = [...running.subgraphs];
    const gateway = await Gateway.create({
      supergraph: supergraphOf(parts.map(([, { schema }]) => schema)),
      transports: new Map(
        parts.map(([name, { schema, ready }]) => [
          name,
          new LocalTransport(schema.schema, reporter(logger), ready),
        ]),
      ),
      authenticator: part.authenticator,
      routes: [...parts.flatMap(([, { routes }]) => routes), ...pageRoutes(explorerFolder())],
      checks: [],
      corsOrigins: config.corsOrigins,
      logger,
      metrics: running.platform.metrics,
    });
    const port = await gateway.listen(config.port, config.host);
    sayReady(config.host, port, part.newRootKey);
    onTermination(logger, async () => {
      await gateway.close();
      await running.stop();
    });
  } catch (error) {
    await running.stop();
    throw error;
  }
}

await startOrExplain(usage, main);
