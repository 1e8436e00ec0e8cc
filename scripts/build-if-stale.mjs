// Builds when a source is newer than the last build; `npm start` then always runs what stands here.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const mark = "dist/build.tsbuildinfo";
const folders = ["kernel", "subgraphs", "gateway", "clients", "cli", "sample", "bench", "schema"];

function isNewer(folder, than) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? isNewer(path, than) : statSync(path).mtimeMs > than;
  });
}

const builtAt = existsSync(mark) ? statSync(mark).mtimeMs : 0;
if (builtAt === 0 || folders.some((folder) => isNewer(folder, builtAt))) {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}
