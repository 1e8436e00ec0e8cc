import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "graphql";
import { proxyRoute } from "../../gateway/http/proxy-route.ts";
import { HttpTransport } from "../../gateway/transport/http-transport.ts";

const ask = { document: parse("{ __typename }"), principal: { id: "key_1", scopes: [] } };

/** A process that is frozen (it takes connections, and says nothing), slow, or well. */
let state: "frozen" | "slow" | "well" = "well";
let part: Server;
let address: string;
/** What a slow one holds back. */
const held: ServerResponse[] = [];

beforeEach(async () => {
  part = createServer((request, response) => {
    if (state === "frozen") return;
    if (state === "slow" && request.url !== "/health") return void held.push(response);
    response.end('{"data":{"__typename":"Query"}}');
  });
  await new Promise<void>((resolve) => part.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(part.address() as AddressInfo).port}`;
});
afterEach(() => part.close().closeAllConnections());

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    const result = await attempt().catch(() => null);
    if (result !== null) return result;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("given a part in another process", () => {
  test("when it freezes, then who waits is told soon, all others at once, and it is asked again when it is back", async () => {
    const transport = new HttpTransport("consent", address, "s".repeat(32));
    state = "frozen";
    const since = performance.now();
    const waiting = Array.from({ length: 300 }, () => transport.execute(ask));
    for (const each of await Promise.allSettled(waiting)) {
      expect(each).toMatchObject({ status: "rejected", reason: { code: "UNAVAILABLE" } });
    }
    expect(performance.now() - since).toBeLessThan(12_000);
    const later = performance.now();
    await expect(transport.execute(ask)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(performance.now() - later).toBeLessThan(500);
    state = "well";
    expect(await eventually(() => transport.execute(ask))).toEqual({
      data: { __typename: "Query" },
    });
    await transport.close();
  });

  test("when it lives and takes its time, then its answer is waited for", async () => {
    const transport = new HttpTransport("identity", address, "s".repeat(32));
    state = "slow";
    const answer = transport.execute(ask);
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    for (const response of held.splice(0)) response.end('{"data":{"__typename":"Query"}}');
    expect(await answer).toEqual({ data: { __typename: "Query" } });
    await transport.close();
  });

  test("when ingestion freezes, then senders are soon told to come again, and not that nothing was taken", async () => {
    const route = proxyRoute("/v1/*", address);
    const gateway = createServer((request, response) => void route.handle(request, response));
    await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
    const { port } = gateway.address() as AddressInfo;
    state = "frozen";
    const since = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/v1/track`, { method: "POST", body: "{}" });
    expect(performance.now() - since).toBeLessThan(12_000);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(await answer.text()).not.toContain("Nothing was taken");
    gateway.close().closeAllConnections();
  });
});
