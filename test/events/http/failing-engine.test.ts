import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { createLogger } from "../../../kernel/logging/logger.ts";
import { SegmentApi } from "../../../subgraphs/events/http/segment-api.ts";
import type { Ingestion, IngestionResult } from "../../../subgraphs/events/service/ingestion.ts";
import type { KeyVerdict, WriteKeys } from "../../../subgraphs/events/service/write-keys.ts";
import { post } from "../events-platform.ts";

let server: Server;
afterEach(() => void server.close());

async function serve(parts: {
  verify?: () => Promise<KeyVerdict>;
  ingest?: () => Promise<IngestionResult>;
  answerMsMax?: { key: number; events: number };
}) {
  const api = new SegmentApi({
    writeKeys: {
      verify: parts.verify ?? (async () => ({ source: "web" })),
    } as unknown as WriteKeys,
    ingestion: { ingest: parts.ingest } as unknown as Ingestion,
    logger: createLogger("silent"),
    ...(parts.answerMsMax ? { answerMsMax: parts.answerMsMax } : {}),
  });
  server = createServer((request, response) => void api.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { api, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/track` };
}

const done: IngestionResult = { accepted: 1, duplicates: 0, quarantined: 0, rejected: [] };
const event = { userId: "u", event: "x" };

describe("given an engine in trouble", () => {
  test("when too much waits, then SDKs are told to come again, without counting it as a try", async () => {
    const { url } = await serve({
      ingest: () => Promise.reject(new DomainError("OVERLOADED", "Full.", { retryable: true })),
    });
    const answer = await post(url, event, { key: "k" });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(answer.body).toMatchObject({ success: false, code: "OVERLOADED", retryable: true });
  });

  test("when it knows how long it will take, then that is what they are told", async () => {
    const details = { retryAfterSeconds: 7 };
    const full = new DomainError("OVERLOADED", "Full.", { retryable: true, details });
    const { url } = await serve({ ingest: () => Promise.reject(full) });
    const answer = await post(url, event, { key: "k" });
    expect(answer.headers.get("retry-after")).toBe("7");
  });

  test("when it cannot be reached, then the answer is 503 with Retry-After", async () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const { url } = await serve({ verify: () => Promise.reject(refused) });
    const answer = await post(url, event, { key: "k" });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(answer.body).toMatchObject({ success: false, code: "UNAVAILABLE" });
    expect(answer.body.message).not.toContain("connect");
  });

  test.each([
    ["a key is looked up", { verify: () => new Promise<never>(() => {}) }],
    ["events are written", { ingest: () => new Promise<never>(() => {}) }],
  ])(
    "when it falls silent while %s, then the answer is 503, and does not say that nothing was taken",
    async (_, parts) => {
      const { url } = await serve({ ...parts, answerMsMax: { key: 50, events: 50 } });
      const answer = await post(url, event, { key: "k" });
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(answer.body).toMatchObject({ success: false, code: "UNAVAILABLE", retryable: true });
      expect(answer.body.message).not.toContain("Nothing was taken");
    },
  );

  test("when we made a mistake, then the answer is 500 and tells nothing of the inside", async () => {
    const { url } = await serve({ ingest: () => Promise.reject(new Error("secret")) });
    const answer = await post(url, event, { key: "k" });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain("secret");
  });
});

describe("given a service that stops", () => {
  test("when a request is under way, then it is answered, and a new one is told to come again", async () => {
    let finish: (result: IngestionResult) => void = () => {};
    const started = Promise.withResolvers<void>();
    const { api, url } = await serve({
      ingest: () => {
        started.resolve();
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    });
    const underWay = post(url, event, { key: "k" });
    await started.promise;
    const stopped = api.stop();
    expect((await post(url, event, { key: "k" })).status).toBe(503);
    finish(done);
    expect((await underWay).body).toMatchObject({ success: true, accepted: 1 });
    await stopped;
  });
});

describe("given a browser on another origin", () => {
  test("when it asks before it sends, then it may", async () => {
    const { url } = await serve({});
    const response = await fetch(url, {
      method: "OPTIONS",
      headers: {
        origin: "https://shop.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-retry-count",
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(response.headers.get("access-control-allow-headers")).toContain("x-retry-count");
  });

  test("when it sends metrics about itself, then they are taken and forgotten", async () => {
    const { url } = await serve({});
    const answer = await post(url.replace("track", "m"), { series: [] });
    expect(answer.body).toEqual({ success: true });
  });
});
