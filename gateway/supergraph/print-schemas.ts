import { readConfig } from "../../kernel/config/read-config.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import type { SubgraphSchema } from "../../kernel/federation/build-subgraph.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { startPlatform } from "../../kernel/module/start-platform.ts";
import { allModules } from "../all-modules.ts";
import { gatewayModule } from "../module.ts";
import { composeSupergraph } from "./compose.ts";
import { publicPath, supergraphPath } from "./load-supergraph.ts";
import { readSupergraphFile } from "./supergraph-file.ts";

/**
 * Every generated schema file with what it should hold, by path from the project's root: the SDL of
 * each subgraph (the modules are started on an empty database in memory), supergraph and public SDL.
 */
export async function printSchemas(): Promise<Map<string, string>> {
  const schemas = await readSchemas();
  const entries = readSupergraphFile();
  const files = new Map<string, string>();
  const parts = entries.flatMap(({ name, url, schema: path }) => {
    const sdl = schemas.find((each) => each.name === name)?.sdl;
    if (sdl === undefined) return [];
    files.set(path, sdl);
    return [{ name, url, sdl }];
  });
  const { supergraphSdl, publicSdl } = composeSupergraph(parts);
  return files.set(supergraphPath, supergraphSdl).set(publicPath, publicSdl);
}

async function readSchemas(): Promise<SubgraphSchema[]> {
  const running = await startPlatform({
    config: readConfig({ LOG_LEVEL: "silent" }),
    logger: createLogger("silent"),
    modules: [...allModules, gatewayModule],
    database: await openEmbeddedDatabase(null),
  });
  try {
    return [...running.subgraphs.values()].map(({ schema }) => schema);
  } finally {
    await running.stop();
  }
}
