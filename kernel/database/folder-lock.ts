import { rmSync } from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { join, relative } from "node:path";
import { DomainError } from "../errors/domain-error.ts";

/** A folder that this process alone holds; two processes on one embedded database would corrupt it. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder by a Unix socket in it: held as long as the process lives, whatever kills it.
 * Throws UNAVAILABLE when another process holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  // A socket's path may have 107 bytes at most; seen from here it is often shorter.
  const absolute = join(folder, "lock.sock");
  const near = relative(process.cwd(), absolute);
  const path = near.length < absolute.length ? near : absolute;
  if (await isHeld(path)) {
    throw new DomainError("UNAVAILABLE", `Another process is using the data folder ${folder}.`);
  }
  rmSync(path, { force: true });
  const server = await listen(path);
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
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

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}
