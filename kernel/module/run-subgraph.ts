import "reflect-metadata";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readTogether } from "../config/read-together.ts";
import { DomainError } from "../errors/domain-error.ts";
import { HttpSubgraphs } from "../federation/http-subgraphs.ts";
import { createLogger, type Logger } from "../logging/logger.ts";
import { startOrExplain } from "./command-line.ts";
import { onTermination } from "./on-termination.ts";
import { groundsOf, whyNotReady } from "./readiness.ts";
import { type RunningPlatform, startPlatform } from "./start-platform.ts";
import { SubgraphEndpoint } from "./subgraph-endpoint.ts";
import type { HttpRoute, RunningSubgraph, SubgraphModule } from "./subgraph-module.ts";

/**
 * The process of one subgraph in the layout of services: GraphQL, its own routes, `/health`, `/ready` and
 * `/metrics` on the port of its URL. Ends in order on SIGTERM and SIGINT.
 */
export function runSubgraph(module: SubgraphModule): Promise<void> {
  const usage = `The subgraph ${module.name} of Selfsame as a process of its own.

  ${module.name.toUpperCase()}_URL  where to listen; the URLs of the others say where they are
  DATABASE_URL    PostgreSQL; needed
  CONTEXT_SECRET  the same as the gateway's, at least 32 characters; needed
All settings: docs/configuration.md`;
  return startOrExplain(usage, () => start(module));
}

async function start(module: SubgraphModule): Promise<void> {
  const config = readTogether(module.readSettings ? [module.readSettings] : []);
  const logger = createLogger(config.logLevel).child({ service: module.name });
  const secret = config.contextSecret?.reveal();
  if (!secret || !config.databaseUrl) {
    throw new DomainError(
      "BAD_INPUT",
      "A subgraph in a process of its own needs DATABASE_URL and CONTEXT_SECRET.",
    );
  }
  const elsewhere = new HttpSubgraphs(config.subgraphUrls, secret);
  const platform = await startPlatform({ config, logger, modules: [module], elsewhere });
  const running = platform.subgraphs.get(module.name)!;
  const endpoint = new SubgraphEndpoint(running.schema, secret, logger);
  const server = createServer((request, response) => {
    answer(request, response, { running, endpoint, platform }).catch((error: unknown) => {
      logger.warn("a request failed", { error });
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });
  await endpoint.start(server);
  const port = Number(new URL(config.subgraphUrls[module.name]!).port || 80);
  await listen(server, port, config.host);
  process.stdout.write(`${module.name} is ready on ${config.host}:${port}\n`);
  onTermination(logger, async () => {
    server.close();
    await endpoint.stop();
    server.closeIdleConnections();
    await platform.stop();
  });
}

interface Parts {
  running: RunningSubgraph;
  endpoint: SubgraphEndpoint;
  platform: RunningPlatform;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { running, endpoint, platform }: Parts,
): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0]!;
  if (path === "/graphql") return endpoint.handle(request, response);
  if (path === "/health") return void response.end("ok\n");
  if (path === "/ready") return ready(running, platform.platform.logger, response);
  if (path === "/metrics") {
    return void response.end(await platform.platform.metrics.metrics());
  }
  const route = running.routes.find((each) => matches(each, path));
  if (route) return route.handle(request, response);
  response.writeHead(404).end();
}

/** Whether a route answers a path: exactly, or below it when it ends in `/*`. */
export function matches(route: HttpRoute, path: string): boolean {
  return route.path.endsWith("/*") ? path.startsWith(route.path.slice(0, -1)) : path === route.path;
}

async function ready(
  running: RunningSubgraph,
  logger: Logger,
  response: ServerResponse,
): Promise<void> {
  try {
    await running.ready();
    response.end("ready\n");
  } catch (error) {
    logger.warn("asked whether it is ready, it is not", { grounds: groundsOf(error) });
    response.writeHead(503).end(`${whyNotReady(error)}\n`);
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `Cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new DomainError("UNAVAILABLE", message, { cause }));
    });
    server.listen(port, host, resolve);
  });
}
