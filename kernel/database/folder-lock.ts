import { mkdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DomainError } from "../errors/domain-error.ts";

/** A folder that this process alone holds; two processes on one embedded database would corrupt it. */
export interface FolderLock {
  release(): Promise<void>;
}

const waitMsMax = 10_000;
const retryMs = 20;
/** Between binding a socket and listening on it lie microseconds, on a busy machine more. */
const bindingMsMax = 50;
/** Removing a dead socket takes a moment; who takes longer was killed meanwhile. */
const removalMsMax = 5_000;

/**
 * Locks a folder by a Unix socket in it: held as long as the process lives, whatever kills it. Of processes
 * that come at the same time one gets it. Throws UNAVAILABLE when another process holds it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  // A socket's path may have 107 bytes at most; seen from here it is often shorter.
  const absolute = join(folder, "lock.sock");
  const near = relative(process.cwd(), absolute);
  const path = near.length < absolute.length ? near : absolute;
  const deadline = Date.now() + waitMsMax;
  while (Date.now() < deadline) {
    const server = await bind(path);
    if (server) {
      return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    }
    if ((await stateOf(path)) === "held") break;
    await removeDead(path);
  }
  throw new DomainError("UNAVAILABLE", `Another process is using the data folder ${folder}.`);
}

/**
 * Removes the socket that a killed process has left behind. One process at a time does it, and looks again
 * first: else a slower one would remove the socket of the faster. Who has bound his socket a moment ago does not
 * listen yet, and looks as dead.
 */
async function removeDead(path: string): Promise<void> {
  const turn = `${path}.removing`;
  try {
    mkdirSync(turn);
  } catch {
    if (ageMs(turn) > removalMsMax) rmSync(turn, { recursive: true, force: true });
    await pause(retryMs);
    return;
  }
  try {
    if ((await stateOf(path)) !== "dead") return;
    await pause(bindingMsMax);
    if ((await stateOf(path)) === "dead") rmSync(path, { force: true });
  } finally {
    rmdirSync(turn);
  }
}

function ageMs(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
}

type SocketState = "held" | "dead" | "absent";

/** Only a refusal says that nobody listens. */
function stateOf(path: string): Promise<SocketState> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve("held");
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "ECONNREFUSED" ? "dead" : code === "ENOENT" ? "absent" : "held"),
    );
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
