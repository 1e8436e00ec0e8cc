import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "@jest/globals";
import { proxyRoute } from "../../gateway/http/proxy-route.ts";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A gateway of another process; `closed`: its first answer was sent, or cannot be any more. */
async function gatewayOf(other: RequestListener | null) {
  const port = other ? await listen(other) : 1;
  const route = proxyRoute("/v1/*", `http://127.0.0.1:${port}`);
  const handled = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const own = await listen((request, response) => {
    response.once("close", closed.resolve);
    void route.handle(request, response).then(handled.resolve, handled.reject);
  });
  const url = `http://127.0.0.1:${own}/v1/track`;
  return { port: own, url, handled: handled.promise, closed: closed.promise };
}

const head = (bytes: number) =>
  `POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n\r\n`;

describe("given ingestion in another process", () => {
  test("when a client hangs up before the answer, then the answer is let go and the next is served", async () => {
    const reached = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const { port, url, handled, closed } = await gatewayOf(async (request, response) => {
      if (request.headers["x-next"]) return void response.end("next");
      reached.resolve();
      await gone.promise;
      response.end("late");
      answered.resolve();
    });
    const client = connect(port, "127.0.0.1");
    client.write(`${head(2)}{}`);
    await reached.promise;
    client.destroy();
    await closed;
    gone.resolve();
    await answered.promise;
    await handled;
    const next = await fetch(url, { method: "POST", headers: { "x-next": "1" } });
    expect(await next.text()).toBe("next");
  });

  test("when a client breaks off in its body, then the other process hears it, and the next is served", async () => {
    const brokenOff = Promise.withResolvers<void>();
    const { port, url, handled } = await gatewayOf((request, response) => {
      request.on("error", () => brokenOff.resolve());
      request.on("end", () => response.end("whole"));
      request.resume();
    });
    const client = connect(port, "127.0.0.1");
    client.end(`${head(100)}{`);
    await Promise.all([brokenOff.promise, handled]);
    expect(await (await fetch(url, { method: "POST", body: "{}" })).text()).toBe("whole");
  });

  test("when it goes away in the middle of a body, then the sender is told to come again", async () => {
    const { url } = await gatewayOf((request) => {
      request.once("data", () => request.socket.resetAndDestroy());
    });
    const answer = await fetch(url, { method: "POST", body: "x".repeat(5_000_000) });
    expect(answer.status).toBe(503);
  });

  test("when it answers before it has read the body, then the sender gets that answer", async () => {
    const { url } = await gatewayOf((request, response) => {
      response.writeHead(401).end("no key");
      request.resume();
    });
    for (const bytes of [2, 5_000_000]) {
      const answer = await fetch(url, { method: "POST", body: "x".repeat(bytes) });
      expect([answer.status, await answer.text()]).toEqual([401, "no key"]);
    }
  });

  test("when a body comes in pieces of no stated length, and an answer is large, then both arrive whole", async () => {
    const { url } = await gatewayOf(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      response.end(Buffer.concat(pieces));
    });
    const pieces = Array.from({ length: 60 }, (_, place) => String(place % 10).repeat(50_000));
    const body = Readable.toWeb(Readable.from(pieces.map((piece) => Buffer.from(piece))));
    const answer = await fetch(url, { method: "POST", body, duplex: "half" } as RequestInit);
    expect((await answer.text()) === pieces.join("")).toBe(true);
  });

  test("when its connection closes after an answer, then the client's does not", async () => {
    const { url } = await gatewayOf((_request, response) => {
      response.writeHead(200, { connection: "close" }).end("x");
    });
    const answer = await fetch(url, { method: "POST", body: "{}" });
    expect(answer.headers.get("connection")).toBe("keep-alive");
  });

  test("when it cannot be reached, then senders are told to come again", async () => {
    const { url } = await gatewayOf(null);
    const answer = await fetch(url, { method: "POST", body: "{}" });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(await answer.json()).toMatchObject({ success: false, code: "UNAVAILABLE" });
  });
});
