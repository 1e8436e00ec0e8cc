import type { Config } from "../kernel/config/read-config.ts";
import type { Database } from "../kernel/database/database.ts";
import { reportToLog } from "../kernel/errors/report-to-log.ts";
import type { Logger } from "../kernel/logging/logger.ts";
import { type RunningPlatform, startPlatform } from "../kernel/module/start-platform.ts";
import { allModules } from "./all-modules.ts";
import { Gateway } from "./gateway.ts";
import { explorerFolder, pageRoutes } from "./http/page-routes.ts";
import { gatewayModule, type RunningGatewayPart } from "./module.ts";
import { sayReady } from "./say-ready.ts";
import { supergraphOf } from "./supergraph/load-supergraph.ts";
import { LocalTransport } from "./transport/local-transport.ts";

/** Starts every subgraph and the gateway on one database and one port; gives how to stop them. */
export async function startOneProcess(
  config: Config,
  logger: Logger,
  database: Database,
): Promise<() => Promise<void>> {
  const modules = [...allModules, gatewayModule];
  const running = await startPlatform({ config, logger, modules, database });
  try {
    const gateway = await createGateway(running, config, logger);
    const port = await gateway.listen(config.port, config.host);
    const { newRootKey } = running.subgraphs.get("gateway") as RunningGatewayPart;
    sayReady(config.host, port, newRootKey);
    return async () => {
      await gateway.close();
      await running.stop();
    };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** The gateway over subgraphs of this process. */
export function createGateway(running: RunningPlatform, config: Config, logger: Logger) {
  const parts = [...running.subgraphs];
  const { authenticator } = running.subgraphs.get("gateway") as RunningGatewayPart;
  const transports = parts.map(([name, { schema, ready }]) => {
    const transport = new LocalTransport(schema.schema, reportToLog(logger), ready);
    return [name, transport] as const;
  });
  return Gateway.create({
    supergraph: supergraphOf(parts.map(([, { schema }]) => schema)),
    transports: new Map(transports),
    authenticator,
    routes: [...parts.flatMap(([, { routes }]) => routes), ...pageRoutes(explorerFolder())],
    checks: [],
    corsOrigins: config.corsOrigins,
    logger,
    metrics: running.platform.metrics,
  });
}
