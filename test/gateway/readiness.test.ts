import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import pg from "pg";
import { Registry } from "prom-client";
import { HttpTransport } from "../../gateway/transport/http-transport.ts";
import { machineRoutes, type ReadinessCheck } from "../../gateway/http/machine-routes.ts";
import { openNeo4jDatabase } from "../../kernel/graph/neo4j-database.ts";
import { toGraphError } from "../../kernel/graph/graph-errors.ts";
import type { Logger } from "../../kernel/logging/logger.ts";
import neo4j from "neo4j-driver";

let server: Server | undefined;
afterEach(() => void server?.close());

const logged: { message: string; fields: Record<string, unknown> }[] = [];
const note = (message: string, fields: Record<string, unknown> = {}) =>
  void logged.push({ message, fields });
const logger: Logger = { debug: note, info: note, warn: note, error: note, child: () => logger };

async function serve(checks: readonly ReadinessCheck[]): Promise<() => Promise<string>> {
  logged.length = 0;
  const route = machineRoutes(checks, new Registry(), logger).find(
    ({ path }) => path === "/ready",
  )!;
  server = createServer((request, response) => void route.handle(request, response));
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return async () => (await fetch(`http://127.0.0.1:${port}/ready`)).text();
}

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address() as AddressInfo;
  await new Promise((resolve) => holder.close(resolve));
  return port;
}

test("given engines and a process that are away, when anybody asks, then it is said which, not where", async () => {
  const port = await deadPort();
  const pool = new pg.Pool({ host: "127.0.0.1", port, user: "selfsame_user", database: "db_name" });
  const part = new HttpTransport("consent", `http://127.0.0.1:${port}`, "s".repeat(32));
  const driver = neo4j.driver(`bolt://127.0.0.1:${port}`);
  const graphReady = () =>
    driver.verifyConnectivity().then(
      () => undefined,
      (error: unknown) => {
        throw toGraphError(error, `127.0.0.1:${port}`);
      },
    );
  const ask = await serve([
    { name: "events", ready: async () => void (await pool.query("select 1")) },
    { name: "identity", ready: graphReady },
    { name: "consent", ready: () => part.ready() },
  ]);
  const text = await ask();
  expect(JSON.parse(text)).toEqual({
    status: "not ready",
    parts: [
      { name: "events", ready: false, message: "PostgreSQL cannot be used" },
      { name: "identity", ready: false, message: "Neo4j cannot be used: ECONNREFUSED" },
      { name: "consent", ready: false, message: "its process does not answer" },
    ],
  });
  expect(text).not.toContain("127.0.0.1");
  expect(logged.map(({ fields }) => fields["part"]).sort()).toEqual([
    "consent",
    "events",
    "identity",
  ]);
  for (const { fields } of logged) expect(JSON.stringify(fields)).toContain(`127.0.0.1:${port}`);
  await ask();
  expect(logged).toHaveLength(3);
  await Promise.all([pool.end(), driver.close(), part.close()]);
}, 30_000);

test("given an engine that refuses the user, when anybody asks, then neither user nor database is named", async () => {
  const refusal = Object.assign(new Error('password authentication failed for user "ana"'), {
    code: "28P01",
  });
  const ask = await serve([{ name: "events", ready: () => Promise.reject(refusal) }]);
  expect(await ask()).not.toContain("ana");
  expect(JSON.stringify(logged)).toContain("ana");
});

test("given Neo4j is away at the start, when it is opened, then the operator is told where", async () => {
  const port = await deadPort();
  const uri = `bolt://127.0.0.1:${port}`;
  const opening = openNeo4jDatabase({ uri, username: "neo4j", password: "hush" });
  await expect(opening).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: `Neo4j at 127.0.0.1:${port} cannot be used: ECONNREFUSED`,
  });
});
