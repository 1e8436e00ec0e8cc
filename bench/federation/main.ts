import "reflect-metadata";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { allModules } from "../../gateway/all-modules.ts";
import { gatewayModule } from "../../gateway/module.ts";
import { createGateway } from "../../gateway/one-process.ts";
import { readConfig } from "../../kernel/config/read-config.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { startPlatform } from "../../kernel/module/start-platform.ts";
import { allScopes } from "../../kernel/security/scopes.ts";
import { Load } from "../pipeline/load.ts";
import { monolithOf, serveMonolith } from "./monolith.ts";
import { profileQuery, storyOf } from "./profiles.ts";

const help = `node dist/bench/federation/main.js [--persons 1000] [--queries 3000] [--connections 8]

The profile query over six subgraphs, through the gateway and through a monolith: one schema of the same
resolvers on the same storage, without a query plan. Both over HTTP, in one process, taking turns.
`;

const rootKey = "sk_bench_0123456789abcdef0123456789abcdef";
const rounds = 6;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      persons: { type: "string", default: "1000" },
      queries: { type: "string", default: "3000" },
      connections: { type: "string", default: "8" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const folder = mkdtempSync(join(tmpdir(), "selfsame-bench-"));
  try {
    await compare(
      folder,
      Number(values.persons),
      Number(values.queries),
      Number(values.connections),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(
  folder: string,
  persons: number,
  queries: number,
  connections: number,
): Promise<void> {
  const config = readConfig({ DATA_DIR: folder, ROOT_KEY: rootKey, LOG_LEVEL: "warn" });
  const logger = createLogger("warn");
  const running = await startPlatform({ config, logger, modules: [...allModules, gatewayModule] });
  const gateway = await createGateway(running, config, logger);
  const federated = `http://127.0.0.1:${await gateway.listen(0, "127.0.0.1")}`;
  const schemas = new Map([...running.subgraphs].map(([name, one]) => [name, one.schema.schema]));
  const principal = { id: "bench", scopes: allScopes };
  const server = serveMonolith(monolithOf(schemas), principal as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const monolith = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await tell(federated, persons);
  while (!(await running.platform.streams.areSettled())) await pause(200);
  await sameAnswers(federated, monolith);
  const times = { federated: [] as number[], monolith: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const warm = round > 0;
    const count = Math.ceil(queries / rounds);
    const one = await measure(federated, persons, count, connections);
    const other = await measure(monolith, persons, count, connections);
    if (warm) times.federated.push(...one);
    if (warm) times.monolith.push(...other);
  }
  print(times, connections);
  server.close();
  server.closeAllConnections();
  await gateway.close();
  await running.stop();
}

/** A source, and events of persons with identifiers, traits, devices and an account. */
async function tell(url: string, persons: number): Promise<void> {
  const created = await ask<{ createSource: { writeKey: string } }>(
    url,
    `mutation { createSource(input: { name: "bench", title: "Bench", kind: WEBSITE }) { writeKey } }`,
    {},
  );
  const load = new Load(url, created.createSource.writeKey, 4);
  for (let first = 0; first < persons; first += 25) {
    const batch = Array.from({ length: Math.min(25, persons - first) }, (_, at) =>
      storyOf(first + at),
    );
    await load.post("/v1/batch", JSON.stringify({ batch: batch.flat() }));
  }
  await load.close();
}

async function sameAnswers(federated: string, monolith: string): Promise<void> {
  const [one, other] = await Promise.all(
    [federated, monolith].map((url) => ask(url, profileQuery, variablesOf(7))),
  );
  if (JSON.stringify(one) !== JSON.stringify(other)) {
    throw new Error(`answers differ\n${JSON.stringify(one)}\n${JSON.stringify(other)}`);
  }
}

/** Milliseconds of each query. */
async function measure(
  url: string,
  persons: number,
  count: number,
  connections: number,
): Promise<number[]> {
  const pool = new Pool(url, { connections });
  const times: number[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < count) {
        next += 1;
        const begun = performance.now();
        await post(pool, profileQuery, variablesOf((next * 7_919) % persons));
        times.push(performance.now() - begun);
      }
    }),
  );
  await pool.close();
  return times;
}

function variablesOf(person: number): Record<string, unknown> {
  return { by: { identifier: { namespace: "email", value: `p${person}@example.org` } } };
}

async function ask<T>(url: string, query: string, variables: Record<string, unknown>): Promise<T> {
  const pool = new Pool(url);
  const answer = (await post(pool, query, variables)) as { data?: T; errors?: unknown };
  await pool.close();
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data as T;
}

async function post(pool: Pool, query: string, variables: Record<string, unknown>) {
  const { statusCode, body } = await pool.request({
    path: "/graphql",
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${rootKey}` },
    body: JSON.stringify({ query, variables }),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${statusCode} ${text}`);
  return JSON.parse(text) as unknown;
}

function print(times: Record<"federated" | "monolith", number[]>, connections: number): void {
  const of = (list: number[], share: number) =>
    [...list].sort((a, b) => a - b)[Math.floor(list.length * share)]!;
  for (const share of [0.5, 0.99]) {
    const [one, other] = [of(times.federated, share), of(times.monolith, share)];
    process.stdout.write(
      `profile query, p${share * 100}, ${connections} at a time: federated ${one.toFixed(1)} ms, ` +
        `monolith ${other.toFixed(1)} ms, ratio ${(one / other).toFixed(2)}\n`,
    );
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
