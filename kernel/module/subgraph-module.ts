import type { IncomingMessage, ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { ReadSettings } from "../config/read-together.ts";
import type { Config } from "../config/read-config.ts";
import type { Database, Migration } from "../database/database.ts";
import type { SubgraphClient } from "../federation/subgraph-client.ts";
import type { SubgraphSchema } from "../federation/build-subgraph.ts";
import type { Logger } from "../logging/logger.ts";
import type { Streams } from "../streams/streams.ts";
import type { Clock } from "../time/clock.ts";

/** What the platform gives a subgraph when it starts. */
export interface Platform {
  config: Config;
  clock: Clock;
  logger: Logger;
  database: Database;
  streams: Streams;
  subgraphs: SubgraphClient;
  metrics: Registry;
}

/** A path the subgraph answers beside GraphQL (the Segment API). `path` is exact or ends in `/*`. */
export interface HttpRoute {
  path: string;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A running subgraph. */
export interface RunningSubgraph {
  schema: SubgraphSchema;
  routes: HttpRoute[];
  /** Throws when it cannot serve; its message says why. Asked by `/ready`. */
  ready(): Promise<void>;
  /** Finishes what was accepted, stops its workers. Called once, before the database closes. */
  stop(): Promise<void>;
}

/** The table of contents of a subgraph, read by every layout of processes. */
export interface SubgraphModule {
  name: string;
  migrations: Migration[];
  /** Its own settings, read beside the kernel's so that all that is wrong is told at once. */
  readSettings?: ReadSettings;
  start(platform: Platform): Promise<RunningSubgraph>;
}
