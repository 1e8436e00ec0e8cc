import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createLogger } from "../../kernel/logging/logger.ts";
import { HttpServer } from "../../gateway/http/http-server.ts";
import { Origins } from "../../gateway/http/origins.ts";
import { Routes } from "../../gateway/http/routes.ts";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";
import type { WebSocketEndpoint } from "../../gateway/http/web-socket-endpoint.ts";

let server: HttpServer;
let closing: Promise<void> | null = null;
afterEach(() => closing ?? server.close());

/** A server whose one route reads the body and answers when it is told to. */
async function serve(answerWhen: Promise<void> = Promise.resolve(), requestMsMax = 60_000) {
  const reached = Promise.withResolvers<void>();
  const route = {
    path: "/v1/*",
    handle: async (incoming: IncomingMessage, response: ServerResponse) => {
      const isWhole = await incoming.toArray().catch(() => null);
      reached.resolve();
      await answerWhen;
      if (isWhole) response.end("taken");
    },
  };
  return { port: await listen(route, { requestMsMax }), reached: reached.promise };
}

function listen(route: HttpRoute, bounds: { requestMsMax?: number; silenceMsMax?: number }) {
  closing = null;
  server = new HttpServer({
    routes: new Routes([route]),
    webSockets: { close() {}, terminate() {} } as unknown as WebSocketEndpoint,
    origins: new Origins([]),
    logger: createLogger("silent"),
    ...bounds,
  });
  return server.listen(0, "127.0.0.1");
}

function post(port: number, agent: Agent, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/v1/track", method: "POST", agent, headers };
    const sent = request(options, (answer) => {
      answer.resume();
      const { connection } = answer.headers;
      answer.on("end", () => resolve({ status: answer.statusCode!, connection }));
    });
    sent.on("error", reject);
    sent.end("{}");
  });
}

describe("given a server that is told to close", () => {
  test("when a request was under way, then it is answered, and told to be the connection's last", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port, reached } = await serve(promise);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const underWay = post(port, agent);
    await reached;
    closing = server.close();
    resolve();
    expect(await underWay).toEqual({ status: 200, connection: "close" });
    await closing;
  });

  test("when a request is on its way over an idle connection, then it is answered, not cut off", async () => {
    const { port } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await post(port, agent)).toMatchObject({ connection: "keep-alive" });
    closing = server.close();
    expect(await post(port, agent)).toEqual({ status: 200, connection: "close" });
    await closing;
    await expect(post(port, agent)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("when connections are only open, then it ends all the same", async () => {
    const { port } = await serve();
    await post(port, new Agent({ keepAlive: true }));
    closing = server.close();
    await closing;
  });
});

describe("given a client of another habit", () => {
  test("when it offers HTTP/2 beside its request, as Java's does, then it is answered in HTTP/1.1", async () => {
    const { port } = await serve();
    const headers = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "" };
    expect(await post(port, new Agent(), headers)).toMatchObject({ status: 200 });
  });

  test("when it resets its connection while an upgrade is refused, then the server goes on", async () => {
    const { port } = await serve();
    const head =
      "GET /v1/track HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(head, () => socket.resetAndDestroy());
      await new Promise((resolve) => socket.once("close", resolve));
    }
    expect(await post(port, new Agent())).toMatchObject({ status: 200 });
  });

  test("when more follows an upgrade that is refused, then the connection ends all the same", async () => {
    const { port } = await serve();
    const socket = connect(port, "127.0.0.1");
    const head =
      "GET /v1/track HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    socket.on("error", () => undefined);
    socket.resume();
    socket.write(`${head}${"x".repeat(100_000)}`);
    await new Promise((resolve) => socket.once("close", resolve));
    closing = server.close();
    await closing;
  });

  test("when it takes nothing of its answer, then it is cut off, and the answer let go", async () => {
    const gone = Promise.withResolvers<void>();
    const handle = async (_: IncomingMessage, response: ServerResponse) => {
      response.once("close", gone.resolve);
      response.end(Buffer.alloc(64 * 1_024 * 1_024));
    };
    const port = await listen({ path: "/large", handle }, { silenceMsMax: 100 });
    const socket = connect(port, "127.0.0.1").pause();
    socket.write("GET /large HTTP/1.1\r\nhost: x\r\n\r\n");
    await gone.promise;
    socket.destroy();
  });

  test("when its body does not come, then it is told so and cut off", async () => {
    const { port } = await serve(Promise.resolve(), 100);
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{");
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/^HTTP\/1.1 408 /);
  });
});
