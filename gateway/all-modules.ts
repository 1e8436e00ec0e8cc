import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { subgraphNames } from "../kernel/config/read-config.ts";
import type { SubgraphModule } from "../kernel/module/subgraph-module.ts";

/** The modules of the six subgraphs, in the order in which they start. */
export async function allModules(): Promise<SubgraphModule[]> {
  const modules: SubgraphModule[] = [];
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  for (const name of subgraphNames) {
    const url = new URL(`../subgraphs/${name}/module.${extension}`, import.meta.url);
    if (!existsSync(fileURLToPath(url))) continue;
    const exported = (await import(url.href)) as Record<string, SubgraphModule>;
    modules.push(exported[`${name}Module`]!);
  }
  return modules;
}
