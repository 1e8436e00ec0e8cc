import { closeSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

type EmscriptenOptions = Parameters<NodeFS["init"]>[1];

interface OpenStream {
  nfd?: number;
  path: string;
}

/**
 * PGlite's file system for Node, with the one thing it leaves out: fsync. As shipped, a power cut loses
 * acknowledged rows and may leave a folder that does not open.
 */
export class DurableNodeFs extends NodeFS {
  private readonly mountPoint = "/pglite/data";

  override async init(pg: PGlite, options: EmscriptenOptions) {
    const { emscriptenOpts } = await super.init(pg, options);
    const installFsync = (mod: unknown) => {
      const { NODEFS } = mod as { NODEFS: { stream_ops: Record<string, unknown> } };
      NODEFS.stream_ops.fsync = (stream: OpenStream) => this.fsync(stream);
    };
    emscriptenOpts.preRun = [...(emscriptenOpts.preRun ?? []), installFsync] as NonNullable<
      EmscriptenOptions["preRun"]
    >;
    return { emscriptenOpts };
  }

  /** Makes durable what initdb wrote before fsync was on: every file and folder, once. */
  syncEverything(folder: string = this.rootDir): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) this.syncEverything(path);
      else if (entry.isFile()) syncPath(path);
    }
    syncPath(folder);
  }

  private fsync(stream: OpenStream): number {
    if (typeof stream.nfd === "number") fsyncSync(stream.nfd);
    else syncPath(join(this.rootDir, stream.path.slice(this.mountPoint.length)));
    return 0;
  }
}

function syncPath(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
