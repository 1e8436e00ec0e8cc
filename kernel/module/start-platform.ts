import { collectDefaultMetrics, Registry } from "prom-client";
import type { Config } from "../config/read-config.ts";
import type { Database } from "../database/database.ts";
import { openEmbeddedDatabase } from "../database/embedded-database.ts";
import { migrate } from "../database/migrate.ts";
import { openPostgresDatabase } from "../database/postgres-database.ts";
import { LocalSubgraphs } from "../federation/local-subgraphs.ts";
import type { SubgraphClient } from "../federation/subgraph-client.ts";
import type { Logger } from "../logging/logger.ts";
import { Streams } from "../streams/streams.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { Platform, RunningSubgraph, SubgraphModule } from "./subgraph-module.ts";

/** Some modules running on one database. */
export interface RunningPlatform {
  platform: Platform;
  /** By name, in the order they were started. */
  subgraphs: ReadonlyMap<string, RunningSubgraph>;
  /** Stops consumers, then modules in reverse order, then closes the database. */
  stop(): Promise<void>;
}

export interface StartOptions {
  config: Config;
  logger: Logger;
  modules: readonly SubgraphModule[];
  clock?: Clock;
  /** An open database in place of the configured one; closed with the platform. */
  database?: Database;
  /** How modules ask those that run elsewhere; default: all run here. */
  elsewhere?: SubgraphClient;
}

/** Opens the storage, brings its schema up to date and starts the modules in their order. */
export async function startPlatform(options: StartOptions): Promise<RunningPlatform> {
  const { config, logger, modules, clock = systemClock } = options;
  const database = options.database ?? (await openDatabase(config, logger));
  const subgraphs = new Map<string, RunningSubgraph>();
  let streams: Streams | undefined;
  const stop = async () => {
    await streams?.stop();
    for (const running of [...subgraphs.values()].reverse()) await running.stop();
    await database.close();
  };
  try {
    streams = await Streams.open(database, logger, clock);
    const here = new LocalSubgraphs();
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    const asked = options.elsewhere ?? here;
    const platform: Platform = {
      config,
      clock,
      logger,
      database,
      streams,
      subgraphs: asked,
      metrics,
    };
    for (const each of modules) {
      await migrate(database, each.name, each.migrations);
      const running = await each.start({ ...platform, logger: logger.child({ part: each.name }) });
      subgraphs.set(each.name, running);
      here.add(running.schema);
    }
    return { platform, subgraphs, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

function openDatabase(config: Config, logger: Logger): Promise<Database> {
  return config.databaseUrl
    ? openPostgresDatabase(config.databaseUrl.reveal(), logger)
    : openEmbeddedDatabase(config.dataDir);
}
