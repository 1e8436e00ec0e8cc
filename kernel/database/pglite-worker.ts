import { chmodSync, cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { DurableNodeFs } from "./durable-node-fs.ts";
import { compileEngine } from "./engine-module.ts";
import { joinBytes } from "./join-bytes.ts";
import { invariant } from "../errors/invariant.ts";

/**
 * The thread in which the embedded PostgreSQL lives: wire bytes in, wire bytes out, one at a time.
 * In the main thread it would hold up timers and sockets for seconds.
 */
interface WorkerSettings {
  /** Null: in memory, for tests. */
  folder: string | null;
}

const port = parentPort;
invariant(port, "pglite-worker runs as a worker thread");
const { folder } = workerData as WorkerSettings;

/**
 * As shipped but with fsync and bounded memory. Embedded there is no autovacuum to keep statistics, and a
 * planner without them reads whole tables: every hot statement has its index, so scans are a last resort.
 */
const settings = [
  "wal_sync_method=fsync",
  "shared_buffers=32MB",
  "max_wal_size=192MB",
  "work_mem=8MB",
  "random_page_cost=1.1",
  "enable_seqscan=off",
];
const startParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
  ...settings.flatMap((setting) => ["-c", setting]),
];

async function open(): Promise<PGlite> {
  const compiled = compileEngine();
  const engine = compiled ? { pgliteWasmModule: compiled } : {};
  if (folder === null) return PGlite.create(engine);
  const isNew = !existsSync(join(folder, "PG_VERSION"));
  const isCopied = isNew && copyTemplate(folder);
  // As PostgreSQL has it: what is inside is nobody else's to read.
  chmodSync(folder, 0o700);
  const fs = new DurableNodeFs(folder);
  const pg = await PGlite.create({ ...engine, fs, startParams, relaxedDurability: true });
  if (isNew && !isCopied) fs.syncEverything();
  return pg;
}

/**
 * An empty database, made at build time, in place of initdb (3 s and 600 MB); all of it or nothing. False
 * where there is no template: when run from sources.
 */
function copyTemplate(target: string): boolean {
  const template = fileURLToPath(new URL("./template", import.meta.url));
  if (!existsSync(template)) return false;
  const copy = `${target}.new`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(template, copy, { recursive: true });
  new DurableNodeFs(copy).syncEverything();
  renameSync(copy, target);
  return true;
}

const opened = open();
opened.then(
  () => port.postMessage({ kind: "ready" }),
  (error: unknown) => {
    port.postMessage({ kind: "failed", message: error instanceof Error ? error.message : "" });
    port.close();
  },
);

let queue: Promise<unknown> = opened;

async function answer(bytes: Uint8Array): Promise<void> {
  const pg = await opened;
  // The call that gives the whole answer at once parses every row of it on the way; this one does not.
  const chunks: Uint8Array[] = [];
  await pg.execProtocolRawStream(bytes, {
    syncToFs: false,
    onRawData: (chunk) => void chunks.push(chunk.slice()),
  });
  const whole = chunks.length === 1 ? chunks[0]! : joinBytes(chunks);
  port!.postMessage({ kind: "bytes", bytes: whole }, [whole.buffer as ArrayBuffer]);
}

/** Two calls: DISCARD ALL refuses to run in the implicit transaction of a list of statements. */
async function reset(): Promise<void> {
  const pg = await opened;
  await pg.exec("rollback");
  await pg.exec("discard all");
}

port.on(
  "message",
  (message: { kind: "bytes"; bytes: Uint8Array } | { kind: "reset" | "close" }) => {
    queue = queue.then(async () => {
      const pg = await opened;
      if (message.kind === "bytes") return answer(message.bytes);
      if (message.kind === "reset") return reset();
      await pg.exec("checkpoint").catch(() => undefined);
      await pg.close();
      port!.postMessage({ kind: "closed" });
      return port!.close();
    });
    queue = queue.catch((error: unknown) => {
      // What SQL does wrong is answered; what is thrown is the engine itself, and it is no more.
      port!.postMessage({ kind: "broken", message: String(error) });
      process.exit(1);
    });
  },
);
