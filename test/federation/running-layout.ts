import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import neo4j from "neo4j-driver";
import pg from "pg";

/** Selfsame running as processes of its own, seen from outside only. */
export interface RunningLayout {
  url: string;
  key: string;
  /** Root process: the one process, or the parent of the services. */
  process: ChildProcess;
  /** POST /graphql; gives `data` or throws the first error with its extensions. */
  ask<T = Record<string, never>>(
    query: string,
    variables?: Record<string, unknown>,
    key?: string,
  ): Promise<T>;
  /** Everything it wrote to standard output and error so far. */
  output(): string;
  /** kill -9 of the root process. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Starts again on the same storage and port. */
  restart(): Promise<void>;
  /** Stops and removes the storage. */
  remove(): Promise<void>;
}

export const layoutName = process.env.TEST_LAYOUT === "services" ? "services" : "one process";
const rootKey = "sk_root_0123456789abcdef0123456789abcdef";
const readyMsMax = 60_000;

export class GraphqlFailure extends Error {
  readonly extensions: Record<string, unknown>;
  readonly status: number;
  constructor(message: string, extensions: Record<string, unknown>, status: number) {
    super(message);
    this.extensions = extensions;
    this.status = status;
  }
}

/**
 * The layout that TEST_LAYOUT names, on storage of its own; `environment` goes on top. With `isGroup` it is
 * a process group of its own, as in a terminal.
 */
export async function startLayout(
  environment: Record<string, string> = {},
  { isGroup = false } = {},
): Promise<RunningLayout> {
  const isServices = layoutName === "services";
  const storage = isServices ? await serviceStorage() : folderStorage();
  const port = await freePort();
  const entry = isServices ? "dist/gateway/services.js" : "dist/gateway/main.js";
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    PORT: String(port),
    ROOT_KEY: rootKey,
    LOG_LEVEL: "warn",
    ...storage.environment,
    ...environment,
  };
  let written = "";
  const start = async () => {
    const child = spawn("node", ["--enable-source-maps", entry], { env, detached: isGroup });
    const collect = (chunk: Buffer) => {
      written = (written + chunk.toString()).slice(-1_000_000);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    await becomesReady(child, () => written);
    return child;
  };
  const layout: RunningLayout = {
    url: `http://127.0.0.1:${port}`,
    key: rootKey,
    process: await start(),
    output: () => written,
    ask: (query, variables = {}, key = rootKey) => ask(layout.url, key, query, variables),
    kill: async () => {
      await exited(layout.process, "SIGKILL");
    },
    stop: () => exited(layout.process, "SIGTERM"),
    restart: async () => {
      written = "";
      layout.process = await start();
    },
    remove: async () => {
      await exited(layout.process, "SIGTERM");
      await storage.remove();
    },
  };
  return layout;
}

async function ask<T>(
  url: string,
  key: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as {
    data?: T;
    errors?: { message: string; extensions?: Record<string, unknown> }[];
  };
  const [error] = answer.errors ?? [];
  if (error) throw new GraphqlFailure(error.message, error.extensions ?? {}, response.status);
  return answer.data as T;
}

function exited(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });
}

function becomesReady(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      child.kill("SIGKILL");
      reject(new Error(`${reason}\n${output()}`));
    };
    const timer = setTimeout(() => fail("not ready in time"), readyMsMax);
    child.once("exit", (code) => fail(`ended with ${code} before it was ready`));
    child.stdout!.on("data", () => {
      if (!/^Selfsame is ready on /m.test(output())) return;
      clearTimeout(timer);
      child.removeAllListeners("exit");
      resolve();
    });
  });
}

interface Storage {
  environment: Record<string, string>;
  remove(): Promise<void>;
}

function folderStorage(): Storage {
  const folder = mkdtempSync(join(tmpdir(), "selfsame-layout-"));
  return {
    environment: { DATA_DIR: folder },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A database of its own on the test PostgreSQL; Neo4j Community has one graph, which is emptied. */
async function serviceStorage(): Promise<Storage> {
  const { TEST_DATABASE_URL: url, TEST_NEO4J_URI: uri } = process.env;
  if (!url || !uri) throw new Error("this test needs TEST_DATABASE_URL and TEST_NEO4J_URI");
  const name = `layout_${process.pid}_${Date.now().toString(36)}`;
  await runSql(url, `create database ${name}`);
  const driver = neo4j.driver(uri);
  // By a session: what ends transactions of its own must not run within one.
  const session = driver.session();
  await session.run("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS");
  await session.close();
  await driver.close();
  const own = new URL(url);
  own.pathname = `/${name}`;
  const urls = await Promise.all(
    ["IDENTITY", "EVENTS", "CONSENT", "AUDIENCES", "EXPERIMENTS", "ACTIVATION"].map(
      async (part) => [`${part}_URL`, `http://127.0.0.1:${await freePort()}`],
    ),
  );
  return {
    environment: { DATABASE_URL: own.href, NEO4J_URI: uri, ...Object.fromEntries(urls) },
    remove: () => runSql(url, `drop database ${name} with (force)`),
  };
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Asks until `isDone` is content with the answer; fails after `msMax`. */
export async function eventually<T>(
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
  msMax = 20_000,
): Promise<T> {
  const deadline = Date.now() + msMax;
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    if (Date.now() > deadline) throw new Error(`not so in time: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
