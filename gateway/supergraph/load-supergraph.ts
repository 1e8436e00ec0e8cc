import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { SubgraphSchema } from "../../kernel/federation/build-subgraph.ts";
import { composeSupergraph, type Supergraph } from "./compose.ts";
import { projectRoot, readSupergraphFile } from "./supergraph-file.ts";

export const supergraphPath = "schema/supergraph.graphql";
export const publicPath = "schema/api.graphql";

/** The committed supergraph. Throws UNAVAILABLE when it was never written. */
export function loadCommittedSupergraph(root: string = projectRoot()): Supergraph {
  const [supergraphSdl, publicSdl] = [supergraphPath, publicPath].map((path) => {
    const file = join(root, path);
    if (existsSync(file)) return readFileSync(file, "utf8");
    throw new DomainError("UNAVAILABLE", `${path} is missing: write it with npm run schema.`);
  });
  return { supergraphSdl: supergraphSdl!, publicSdl: publicSdl! };
}

/**
 * The supergraph of the schemas that run in this process: the committed one while it is theirs (which
 * a test holds), else composed now, so that what is served is always what is running.
 */
export function supergraphOf(
  schemas: readonly SubgraphSchema[],
  root: string = projectRoot(),
): Supergraph {
  const entries = readSupergraphFile(root);
  const isCommitted =
    existsSync(join(root, supergraphPath)) &&
    entries.length === schemas.length &&
    schemas.every(({ name, sdl }) => {
      const file = join(root, entries.find((entry) => entry.name === name)?.schema ?? "");
      return existsSync(file) && readFileSync(file, "utf8") === sdl;
    });
  if (isCommitted) return loadCommittedSupergraph(root);
  return composeSupergraph(
    schemas.map(({ name, sdl }) => {
      const url = entries.find((entry) => entry.name === name)?.url ?? `http://${name}.local/`;
      return { name, sdl, url };
    }),
  );
}
