import "reflect-metadata";
import type { Config } from "../kernel/config/read-config.ts";
import { readTogether } from "../kernel/config/read-together.ts";
import { DomainError } from "../kernel/errors/domain-error.ts";
import { reportToLog } from "../kernel/errors/report-to-log.ts";
import { HttpSubgraphs } from "../kernel/federation/http-subgraphs.ts";
import { createLogger } from "../kernel/logging/logger.ts";
import { onTermination } from "../kernel/module/on-termination.ts";
import { startPlatform, type RunningPlatform } from "../kernel/module/start-platform.ts";
import { startOrExplain } from "../kernel/module/command-line.ts";
import { readGatewayConfig } from "./config.ts";
import { Gateway } from "./gateway.ts";
import { explorerFolder, pageRoutes } from "./http/page-routes.ts";
import { proxyRoute } from "./http/proxy-route.ts";
import { gatewayModule, type RunningGatewayPart } from "./module.ts";
import { sayReady } from "./say-ready.ts";
import { loadCommittedSupergraph } from "./supergraph/load-supergraph.ts";
import { HttpTransport } from "./transport/http-transport.ts";
import { LocalTransport } from "./transport/local-transport.ts";
import type { SubgraphTransport } from "./transport/subgraph-transport.ts";

const usage = `The gateway of Selfsame as a process of its own; the subgraphs run elsewhere.

  PORT, HOST      where to listen (4000, 127.0.0.1)
  DATABASE_URL    PostgreSQL; needed
  CONTEXT_SECRET  the same as the subgraphs', at least 32 characters; needed
  IDENTITY_URL … ACTIVATION_URL  where they are (http://127.0.0.1:4001 … 4006)`;

async function main(): Promise<void> {
  const config = readTogether([readGatewayConfig]);
  const secret = config.contextSecret?.reveal();
  if (!secret || !config.databaseUrl) {
    const message = "The gateway in a process of its own needs DATABASE_URL and CONTEXT_SECRET.";
    throw new DomainError("BAD_INPUT", message);
  }
  const logger = createLogger(config.logLevel).child({ service: "gateway" });
  const elsewhere = new HttpSubgraphs(config.subgraphUrls, secret);
  const running = await startPlatform({ config, logger, modules: [gatewayModule], elsewhere });
  try {
    const part = running.subgraphs.get("gateway") as RunningGatewayPart;
    const own = new LocalTransport(part.schema.schema, reportToLog(logger), part.ready);
    const gateway = await createGateway(running, part, transportsOf(config, secret, own));
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

function transportsOf(config: Config, secret: string, own: LocalTransport) {
  const transports = new Map<string, SubgraphTransport>([["gateway", own]]);
  for (const [name, address] of Object.entries(config.subgraphUrls)) {
    transports.set(name, new HttpTransport(name, address, secret));
  }
  return transports;
}

function createGateway(
  { platform }: RunningPlatform,
  part: RunningGatewayPart,
  transports: ReadonlyMap<string, SubgraphTransport>,
): Promise<Gateway> {
  const { config, logger, metrics } = platform;
  return Gateway.create({
    supergraph: loadCommittedSupergraph(),
    transports,
    authenticator: part.authenticator,
    routes: [proxyRoute("/v1/*", config.subgraphUrls["events"]!), ...pageRoutes(explorerFolder())],
    checks: [],
    corsOrigins: config.corsOrigins,
    logger,
    metrics,
  });
}

await startOrExplain(usage, main);
