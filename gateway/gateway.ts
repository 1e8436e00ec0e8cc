import type { Registry } from "prom-client";
import { reportToLog } from "../kernel/errors/report-to-log.ts";
import type { ReportError } from "../kernel/errors/to-client-error.ts";
import type { Logger } from "../kernel/logging/logger.ts";
import type { HttpRoute } from "../kernel/module/subgraph-module.ts";
import type { Authenticator } from "./authentication/authenticator.ts";
import { FederatedExecutor } from "./execution/federated-executor.ts";
import { OperationPreparer } from "./execution/prepare-operation.ts";
import { ScopeRequirements } from "./execution/required-scopes.ts";
import { OperationRunner } from "./execution/run-operation.ts";
import { GraphqlEndpoint } from "./http/graphql-endpoint.ts";
import { graphqlRoute } from "./http/graphql-route.ts";
import { HttpServer } from "./http/http-server.ts";
import { machineRoutes, type ReadinessCheck } from "./http/machine-routes.ts";
import { OpenStreams } from "./http/open-streams.ts";
import { OperationMetrics } from "./http/operation-metrics.ts";
import { Origins } from "./http/origins.ts";
import { Routes } from "./http/routes.ts";
import { WebSocketEndpoint } from "./http/web-socket-endpoint.ts";
import { defaultQueryLimits } from "./limits/query-limits.ts";
import { SharedSubscriptions } from "./subscriptions/shared-subscriptions.ts";
import type { Supergraph } from "./supergraph/compose.ts";
import type { SubgraphTransport } from "./transport/subgraph-transport.ts";

/** Time for the last word of each subscription to be written. */
const lastWordsMs = 50;

/** What a gateway is made of. */
export interface GatewayParts {
  supergraph: Supergraph;
  /** How each subgraph is reached, by name. */
  transports: ReadonlyMap<string, SubgraphTransport>;
  authenticator: Authenticator;
  /** Paths answered beside ours: ingestion, pages. */
  routes: readonly HttpRoute[];
  /** What `/ready` asks beside the subgraphs. */
  checks: readonly ReadinessCheck[];
  corsOrigins: readonly string[];
  logger: Logger;
  metrics: Registry;
}

/** The supergraph's face: checks, plans and executes operations, and listens on one port. */
export class Gateway {
  private readonly executor: FederatedExecutor;
  private readonly streams: OpenStreams;
  private readonly server: HttpServer;
  private readonly transports: ReadonlyMap<string, SubgraphTransport>;

  private constructor(parts: {
    executor: FederatedExecutor;
    streams: OpenStreams;
    server: HttpServer;
    transports: ReadonlyMap<string, SubgraphTransport>;
  }) {
    this.executor = parts.executor;
    this.streams = parts.streams;
    this.server = parts.server;
    this.transports = parts.transports;
  }

  static async create(parts: GatewayParts): Promise<Gateway> {
    const { supergraph, transports, logger, metrics } = parts;
    const report = reportToLog(logger);
    const { supergraphSdl } = supergraph;
    const executor = await FederatedExecutor.create(supergraphSdl, transports, report);
    const runner = createRunner(executor, supergraph, report);
    const streams = new OpenStreams();
    const { authenticator } = parts;
    const { bodyBytesMax } = defaultQueryLimits;
    const operationMetrics = new OperationMetrics(metrics, streams);
    const shared = { authenticator, runner, streams, metrics: operationMetrics, bodyBytesMax };
    const origins = new Origins(parts.corsOrigins);
    const checks = [...transports].map(([name, transport]) => ({
      name,
      ready: () => transport.ready(),
    }));
    const routes = new Routes([
      graphqlRoute(new GraphqlEndpoint(shared), origins),
      ...machineRoutes([...checks, ...parts.checks], metrics, logger),
      ...parts.routes,
    ]);
    const webSockets = new WebSocketEndpoint(shared);
    const server = new HttpServer({ routes, webSockets, origins, logger });
    return new Gateway({ executor, streams, server, transports });
  }

  /** Gives the port. */
  listen(port: number, host: string): Promise<number> {
    return this.server.listen(port, host);
  }

  /** Tells subscribers, lets operations end, lets go of the subgraphs. */
  async close(): Promise<void> {
    this.streams.endAll();
    // What they are told is to leave before their sockets are closed.
    await new Promise((resolve) => setTimeout(resolve, lastWordsMs));
    await this.server.close();
    await this.executor.close();
    await Promise.all([...this.transports.values()].map((transport) => transport.close()));
  }
}

function createRunner(
  executor: FederatedExecutor,
  supergraph: Supergraph,
  report: ReportError,
): OperationRunner {
  const limits = defaultQueryLimits;
  const requirements = new ScopeRequirements(supergraph.supergraphSdl);
  const preparer = new OperationPreparer(supergraph.publicSdl, requirements, limits);
  const subscriptions = new SharedSubscriptions(executor);
  return new OperationRunner({ preparer, executor, subscriptions, limits, report });
}
