import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";
import { expect } from "@jest/globals";
import { freePort, layoutName, startLayout } from "../running-layout.ts";
import { type Ended, startAndEnd } from "../started-process.ts";
import type { Row } from "./world.ts";

/** One sentence, no stack, no password, and a code that a supervisor understands. */
function endedWith({ code, output }: Ended, ...words: string[]): void {
  expect(output).toMatch(/^Selfsame cannot start\. /m);
  for (const word of words) expect(output).toContain(word);
  expect(output).not.toMatch(/^\s+at |hunter2/m);
  expect(code).toBe(1);
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "selfsame-start-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const startRows: Record<string, Row> = {
  "postgres-unreachable": async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const DATABASE_URL = `postgres://selfsame:hunter2@${host}/selfsame`;
    endedWith(await startAndEnd("main", { DATABASE_URL }), "PostgreSQL", host);
    const NEO4J_URI = `bolt://127.0.0.1:${await freePort()}`;
    endedWith(await startAndEnd("services", { DATABASE_URL, NEO4J_URI }), "PostgreSQL", host);
  },
  "neo4j-unreachable": () =>
    withFolder(async (folder) => {
      const host = `127.0.0.1:${await freePort()}`;
      const settings = { NEO4J_URI: `bolt://${host}`, NEO4J_PASSWORD: "hunter2" };
      const ended = await startAndEnd("main", { ...settings, DATA_DIR: folder });
      endedWith(ended, "Neo4j", host);
    }),
  "services-without-engines": async () => {
    endedWith(await startAndEnd("services", {}), "DATABASE_URL", "NEO4J_URI");
  },
  "folder-in-use": () =>
    withFolder(async (folder) => {
      if (layoutName === "services") return;
      const layout = await startLayout({ DATA_DIR: folder });
      try {
        endedWith(await startAndEnd("main", { DATA_DIR: folder }), "Another process", folder);
        expect(await layout.ask("{ sources { nodes { name } } }")).toMatchObject({ sources: {} });
      } finally {
        await layout.remove();
      }
    }),
  "folder-not-usable": () =>
    withFolder(async (folder) => {
      const file = join(folder, "file");
      writeFileSync(file, "");
      endedWith(await startAndEnd("main", { DATA_DIR: file }), "The data folder", file);
    }),
  "port-in-use": () =>
    withFolder(async (folder) => {
      const holder = createServer();
      const port = await new Promise<number>((resolve) => {
        holder.listen(0, "127.0.0.1", () => resolve((holder.address() as { port: number }).port));
      });
      try {
        const settings = { PORT: String(port), DATA_DIR: folder };
        endedWith(await startAndEnd("main", settings), String(port));
      } finally {
        holder.close();
      }
    }),
  "wrong-settings": () =>
    withFolder(async (folder) => {
      const settings = {
        PORT: "many",
        ROOT_KEY: "hunter2",
        LOG_LEVEL: "loud",
        OUTBOUND_ALLOW: "10.0.0.0/8,intranet",
        CORS_ORIGINS: "crm.example",
        JWT_ISSUER: "https://login.example",
        ACTIVATION_LEDGER_DAYS: "0",
      };
      const told = [
        "PORT must be",
        "ROOT_KEY must have at least 32",
        "LOG_LEVEL must be",
        'OUTBOUND_ALLOW must name networks such as 10.0.0.0/8, not "intranet"',
        "CORS_ORIGINS must name origins",
        "JWT_ISSUER",
        "ACTIVATION_LEDGER_DAYS must be",
      ];
      for (const entry of ["main", "services"] as const) {
        endedWith(await startAndEnd(entry, { ...settings, DATA_DIR: folder }), ...told);
      }
    }),
};
