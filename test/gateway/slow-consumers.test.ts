import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import WebSocket from "ws";
import { rootKey, startTestGateway, type TestGateway } from "./test-gateway.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
  // 6,000 changes of 4 kB: more than the buffers of a connection hold.
  const payload = {};
  for (let part = 0; part < 6; part += 1) {
    const entries = Array.from({ length: 1_000 }, (_, index) => ({
      key: `${part}-${index}-`.padEnd(4_000, "x"),
      kind: "PROFILE",
      payload,
    }));
    await gateway.database.transaction((tx) => gateway.streams.append(tx, "identity", entries));
  }
}, 60_000);
afterAll(() => gateway.stop());

const query = 'subscription { profileChanged(after: "0") { cursor person { id name } } }';

/** How the socket was closed, and how many results were read before. */
function readNothingBySocket(silenceMs: number) {
  const socket = new WebSocket(`ws://${gateway.address}/graphql`, "graphql-transport-ws");
  let results = 0;
  socket.on("open", () => {
    const payload = { authorization: `Bearer ${rootKey}` };
    socket.send(JSON.stringify({ type: "connection_init", payload }));
  });
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as { type: string };
    if (message.type === "connection_ack") {
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
    } else if (message.type === "next") {
      results += 1;
      if (results === 1) {
        socket.pause();
        setTimeout(() => socket.resume(), silenceMs);
      }
      if (results === 6_000) socket.close(1000);
    }
  });
  return new Promise<{ code: number; results: number }>((resolve) => {
    socket.on("close", (code) => resolve({ code, results }));
  });
}

function readNothingByEvents() {
  const [host, port] = gateway.address.split(":");
  const body = JSON.stringify({ query });
  const socket = connect(Number(port), host!);
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer ${rootKey}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.pause();
  return new Promise<number>((resolve) => {
    const since = Date.now();
    const reading = setTimeout(() => socket.resume(), 14_000);
    socket.on("close", () => {
      clearTimeout(reading);
      resolve(Date.now() - since);
    });
    socket.on("error", () => undefined);
  });
}

test("given a client that pauses for a moment, when it reads on, then it has missed nothing", async () => {
  expect(await readNothingBySocket(2_000)).toEqual({ code: 1000, results: 6_000 });
}, 40_000);

test("given clients that take nothing, when 10 s have passed, then they are let go, and little was kept", async () => {
  const before = process.memoryUsage().rss;
  const [socket, eventsMs] = await Promise.all([
    readNothingBySocket(14_000),
    readNothingByEvents(),
  ]);
  expect(socket.code).not.toBe(1000);
  expect(socket.results).toBeLessThan(6_000);
  expect(eventsMs).toBeLessThan(25_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  const metrics = await (await fetch(`http://${gateway.address}/metrics`)).text();
  expect(metrics).toContain("selfsame_gateway_subscriptions 0");
}, 40_000);
