import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { invariant } from "../../kernel/errors/invariant.ts";

/** One part of the supergraph as `supergraph.yaml` names it. */
export interface SubgraphEntry {
  name: string;
  /** Where it listens when it is its own process. */
  url: string;
  /** Its committed SDL, relative to the project's root. */
  schema: string;
}

/** The folder with `supergraph.yaml`: above this file, from the sources as from `dist/`. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "supergraph.yaml"))) {
    invariant(dirname(folder) !== folder, "supergraph.yaml stands in the project's root");
    folder = dirname(folder);
  }
  return folder;
}

/** Reads `supergraph.yaml`, in its order. Throws when an entry lacks a name, a url or a schema. */
export function readSupergraphFile(root: string = projectRoot()): SubgraphEntry[] {
  const content = parse(readFileSync(join(root, "supergraph.yaml"), "utf8")) as {
    subgraphs?: Partial<SubgraphEntry>[];
  };
  return (content.subgraphs ?? []).map(({ name, url, schema }) => {
    invariant(name && url && schema, "each subgraph in supergraph.yaml has name, url and schema");
    return { name, url, schema };
  });
}
