import type { ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";

/** A part of the platform that can say whether it serves. */
export interface ReadinessCheck {
  name: string;
  ready(): Promise<void>;
}

const checkMsMax = 3_000;

/** `/health` (the process answers), `/ready` (every part serves), `/metrics` (Prometheus). */
export function machineRoutes(checks: readonly ReadinessCheck[], metrics: Registry): HttpRoute[] {
  return [
    {
      path: "/health",
      handle: async (_request, response) => sendJson(response, 200, { status: "ok" }),
    },
    {
      path: "/ready",
      async handle(_request, response) {
        const parts = await Promise.all(checks.map(check));
        const isReady = parts.every((part) => part.ready);
        const status = isReady ? "ready" : "not ready";
        sendJson(response, isReady ? 200 : 503, { status, parts });
      },
    },
    {
      path: "/metrics",
      async handle(_request, response) {
        response.writeHead(200, { "content-type": metrics.contentType });
        response.end(await metrics.metrics());
      },
    },
  ];
}

async function check({ name, ready }: ReadinessCheck) {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), checkMsMax);
  });
  try {
    await Promise.race([ready(), tooLate]);
    return { name, ready: true };
  } catch (error) {
    return { name, ready: false, message: error instanceof Error ? error.message : "not ready" };
  } finally {
    clearTimeout(timer);
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}
