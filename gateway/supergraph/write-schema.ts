import "reflect-metadata";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSchema } from "graphql";
import { publicPath } from "./load-supergraph.ts";
import { printSchemas } from "./print-schemas.ts";
import { projectRoot } from "./supergraph-file.ts";

const usage = `Writes schema/*.graphql: the SDL of each subgraph, the supergraph, the public API.

  (no option)       write; refuse when the public API would break its users
  --allow-breaking  write all the same; the commit says why
  --check           write nothing; fail when a file is not what the code says`;

/** What a client that works today could trip over, one sentence each. */
async function breakingChanges(before: string, after: string): Promise<string[]> {
  const { CriticalityLevel, diff } = await import("@graphql-inspector/core");
  const changes = await diff(buildSchema(before), buildSchema(after));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

function committed(path: string): string | null {
  const file = join(projectRoot(), path);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

async function main(option: string | undefined): Promise<number> {
  const files = await printSchemas();
  const stale = [...files].filter(([path, content]) => committed(path) !== content);
  if (option === "--check") {
    for (const [path] of stale) process.stderr.write(`${path} is not what the code says.\n`);
    if (stale.length > 0) process.stderr.write("Write it: npm run schema.\n");
    return stale.length > 0 ? 1 : 0;
  }
  const before = committed(publicPath);
  const breaking = before ? await breakingChanges(before, files.get(publicPath)!) : [];
  for (const message of breaking) process.stderr.write(`breaking: ${message}\n`);
  if (breaking.length > 0 && option !== "--allow-breaking") {
    process.stderr.write("Nothing was written. Deprecate first, or say --allow-breaking.\n");
    return 1;
  }
  for (const [path, content] of stale) {
    const file = join(projectRoot(), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    process.stdout.write(`wrote ${path}\n`);
  }
  return 0;
}

const [option] = process.argv.slice(2);
if (option !== undefined && option !== "--check" && option !== "--allow-breaking") {
  process.stdout.write(`${usage}\n`);
  process.exit(option === "--help" ? 0 : 2);
}
process.exit(await main(option));
