import type { ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { Logger } from "../../kernel/logging/logger.ts";
import { groundsOf, whyNotReady } from "../../kernel/module/readiness.ts";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";
import { within } from "../../kernel/time/within.ts";

/** A part of the platform that can say whether it serves. */
export interface ReadinessCheck {
  name: string;
  ready(): Promise<void>;
}

const checkMsMax = 3_000;

/**
 * `/health` (the process answers), `/ready` (every part serves), `/metrics` (Prometheus). Anybody may
 * ask: what is missing is named, where it should be stands in the log alone.
 */
export function machineRoutes(
  checks: readonly ReadinessCheck[],
  metrics: Registry,
  logger: Logger,
): HttpRoute[] {
  return [
    {
      path: "/health",
      handle: async (_request, response) => sendJson(response, 200, { status: "ok" }),
    },
    readyRoute(checks, logger),
    {
      path: "/metrics",
      async handle(_request, response) {
        response.writeHead(200, { "content-type": metrics.contentType });
        response.end(await metrics.metrics());
      },
    },
  ];
}

/** Each reason is logged once for as long as it lasts: whoever asks all the time fills no log. */
function readyRoute(checks: readonly ReadinessCheck[], logger: Logger): HttpRoute {
  const told = new Map<string, string>();
  const ask = async (part: ReadinessCheck) => {
    const { error, ...answer } = await check(part);
    const grounds = groundsOf(error);
    if (error !== undefined && told.get(part.name) !== grounds.join()) {
      logger.warn("a part is not ready", { part: part.name, grounds });
    }
    if (error === undefined) told.delete(part.name);
    else told.set(part.name, grounds.join());
    return answer;
  };
  return {
    path: "/ready",
    async handle(_request, response) {
      const parts = await Promise.all(checks.map(ask));
      const isReady = parts.every((part) => part.ready);
      const status = isReady ? "ready" : "not ready";
      sendJson(response, isReady ? 200 : 503, { status, parts });
    },
  };
}

async function check({ name, ready }: ReadinessCheck): Promise<{
  name: string;
  ready: boolean;
  message?: string;
  error?: unknown;
}> {
  const notInTime = () => new DomainError("UNAVAILABLE", "no answer in time");
  try {
    await within(checkMsMax, ready(), notInTime);
    return { name, ready: true };
  } catch (error) {
    return { name, ready: false, message: whyNotReady(error), error };
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}
