import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { DomainError } from "../errors/domain-error.ts";
import type { Database } from "./database.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { PgliteStream } from "./pglite-stream.ts";
import { SingleSessionDatabase } from "./single-session-database.ts";
import { LocalWakeUps } from "./wake-ups.ts";

/** How often the engine cleans up behind itself; embedded it has no autovacuum and no checkpointer. */
const maintenanceIntervalMs = 5 * 60_000;
const closeDeadlineMs = 10_000;

/**
 * Opens PostgreSQL embedded in a worker thread, in `folder` (made when missing, locked while open), or in
 * memory when null. Throws UNAVAILABLE, naming folder and reason, when another process holds it or it cannot
 * be used. First start takes about 3 s. Calls `onLost` when the engine dies: it does not come back, and the
 * process had better end and be started again.
 */
export async function openEmbeddedDatabase(
  folder: string | null,
  onLost: () => void = () => undefined,
): Promise<Database> {
  if (folder === null) return openIn(null, null, onLost);
  const path = resolve(folder);
  let lock: FolderLock | null = null;
  try {
    mkdirSync(path, { recursive: true });
    lock = await lockFolder(path);
    return await openIn(join(path, "postgres"), lock, onLost);
  } catch (cause) {
    await lock?.release();
    if (cause instanceof DomainError) throw cause;
    const message = `The data folder ${path} cannot be used: ${(cause as Error).message}`;
    throw new DomainError("UNAVAILABLE", message, { cause });
  }
}

async function openIn(
  clusterFolder: string | null,
  lock: FolderLock | null,
  onLost: () => void,
): Promise<Database> {
  const worker = await startWorker(clusterFolder);
  worker.once("exit", onLost);
  const database = await SingleSessionDatabase.open(
    () => new PgliteStream(worker) as never,
    new LocalWakeUps(),
    async () => {
      clearInterval(maintenance);
      worker.off("exit", onLost);
      await closeWorker(worker);
      await lock?.release();
    },
  );
  const maintenance = setInterval(() => void maintain(database), maintenanceIntervalMs);
  maintenance.unref();
  return database;
}

/** Reclaims dead rows, refreshes statistics, bounds the log. Also worth calling after a bulk load. */
export async function maintain(database: Database): Promise<void> {
  try {
    await database.query("vacuum analyze");
    await database.query("checkpoint");
  } catch {
    // The engine is closing, or busy with something that must not be disturbed; the next turn does it.
  }
}

function startWorker(folder: string | null): Promise<Worker> {
  if (folder !== null) mkdirSync(folder, { recursive: true });
  const worker = new Worker(workerPath(), {
    workerData: { folder },
    name: "database",
    // Wire bytes are short-lived; the engine's own memory is outside of this heap.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.on("message", (message: { kind: string; message?: string }) => {
      if (message.kind === "ready") resolve(worker.setMaxListeners(0));
      if (message.kind === "failed")
        reject(new Error(`its database does not open (${message.message})`));
    });
  });
}

/** Compiled, the worker stands beside this file; from sources (tests) Node strips its types itself. */
function workerPath(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./pglite-worker.${extension}`, import.meta.url));
}

function closeWorker(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => resolve(worker.terminate()), closeDeadlineMs);
    worker.once("exit", () => {
      clearTimeout(deadline);
      resolve(undefined);
    });
    worker.postMessage({ kind: "close" });
  });
}
