import { rmSync, statSync } from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DomainError } from "../errors/domain-error.ts";

/** A folder that this process alone holds; two processes on one embedded database would corrupt it. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Others that found the same dead socket have removed ours by then, or never will. */
const takeOverMs = 150;
const triesMax = 5;

/**
 * Locks a folder by a Unix socket in it: held as long as the process lives, whatever kills it. Of processes
 * that come at the same time one gets it. Throws UNAVAILABLE when another process holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  // A socket's path may have 107 bytes at most; seen from here it is often shorter.
  const absolute = join(folder, "lock.sock");
  const near = relative(process.cwd(), absolute);
  const path = near.length < absolute.length ? near : absolute;
  let isTakenOver = false;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const server = await bind(path);
    if (server) {
      if (!isTakenOver || (await staysOurs(path))) {
        return { release: () => new Promise((resolve) => server.close(() => resolve())) };
      }
      server.close();
      break;
    }
    // A process that was killed leaves its socket behind; nobody answers there.
    const left = identityOf(path);
    if (await isHeld(path)) break;
    if (left !== null && identityOf(path) === left) rmSync(path, { force: true });
    isTakenOver = true;
  }
  throw new DomainError("UNAVAILABLE", `Another process is using the data folder ${folder}.`);
}

async function staysOurs(path: string): Promise<boolean> {
  const ours = identityOf(path);
  await pause(takeOverMs);
  return ours !== null && identityOf(path) === ours;
}

/** Which file stands there; null: none. */
function identityOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat ? `${stat.dev}:${stat.ino}:${stat.ctimeNs}` : null;
}

function isHeld(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Null when there is a socket already. */
function bind(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}
