import { Registry } from "prom-client";
import { readConfig } from "../../kernel/config/read-config.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { reportToLog } from "../../kernel/errors/report-to-log.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import type { HttpRoute, Platform } from "../../kernel/module/subgraph-module.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { Gateway } from "../../gateway/gateway.ts";
import { gatewayModule } from "../../gateway/module.ts";
import { composeSupergraph } from "../../gateway/supergraph/compose.ts";
import { HttpTransport } from "../../gateway/transport/http-transport.ts";
import { LocalTransport } from "../../gateway/transport/local-transport.ts";
import { peopleSubgraph, scoresSubgraph } from "./test-subgraphs.ts";

export const rootKey = "root-key-of-the-tests-0123456789abcdef";

/** A gateway over two small subgraphs, in one process, on a free port; some cannot be reached. */
export async function startTestGateway(
  environment: Record<string, string> = {},
  routes: readonly HttpRoute[] = [],
  unreachable: readonly string[] = [],
) {
  const config = readConfig({ ROOT_KEY: rootKey, LOG_LEVEL: "silent", ...environment });
  const database = await openEmbeddedDatabase(null);
  const logger = createLogger(config.logLevel);
  const streams = await Streams.open(database, logger, systemClock);
  await migrate(database, "gateway", gatewayModule.migrations);
  const metrics = new Registry();
  const platform = { config, database, logger, streams, clock: systemClock, metrics } as Platform;
  const part = await gatewayModule.start(platform);
  const subgraphs = [peopleSubgraph(streams), scoresSubgraph(), part.schema];
  const supergraph = composeSupergraph(
    subgraphs.map(({ name, sdl }) => ({ name, sdl, url: `http://${name}.invalid/graphql` })),
  );
  const transports = new Map(
    subgraphs.map(({ name, schema }) => [
      name,
      unreachable.includes(name)
        ? new HttpTransport(name, "http://127.0.0.1:1", "s".repeat(32))
        : new LocalTransport(schema, reportToLog(logger), async () => undefined),
    ]),
  );
  const gateway = await Gateway.create({
    supergraph,
    transports,
    authenticator: part.authenticator,
    routes,
    checks: [],
    corsOrigins: config.corsOrigins,
    logger,
    metrics,
  });
  const port = await gateway.listen(0, "127.0.0.1");
  const address = `127.0.0.1:${port}`;

  return {
    address,
    url: `http://${address}/graphql`,
    database,
    streams,
    metrics,
    /** Appends a change of that person, as its producer would. */
    change: (person: string) =>
      database.transaction((tx) =>
        streams.append(tx, "identity", [{ key: person, kind: "PROFILE", payload: {} }]),
      ),
    /** Posts an operation as that key. */
    async ask(query: string, variables: Record<string, unknown> = {}, key: string = rootKey) {
      const response = await fetch(`http://${address}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Answer) };
    },
    async stop() {
      await gateway.close();
      await part.stop();
      await streams.stop();
      await database.close();
    },
  };
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its question.
  data?: any;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; retryable: boolean; reference: string };
  }[];
}

export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;
