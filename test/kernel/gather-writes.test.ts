import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { gatherWrites } from "../../kernel/graph/gather-writes.ts";

const pieces = Array.from({ length: 500 }, (_, place) => `piece ${place};`);
let server: Server;
let received = "";

beforeAll(async () => {
  server = createServer((socket) => {
    received = "";
    socket.setEncoding("utf8").on("data", (text: string) => (received += text));
    socket.on("end", () => socket.end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});

afterAll(() => void server.close());

const portOf = (one: Server) => (one.address() as AddressInfo).port;

async function connected(): Promise<Socket> {
  const socket = connect(portOf(server), "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

async function ended(socket: Socket): Promise<void> {
  socket.resume();
  await once(socket, "close");
}

test("given many small writes in one go, when they are gathered, then they leave together, all and in order", async () => {
  const stop = gatherWrites(portOf(server));
  const socket = await connected();
  stop();
  for (const piece of pieces) socket.write(piece);
  expect(socket.writableLength).toBe(Buffer.byteLength(pieces.join("")));
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.writableCorked).toBe(0);
  socket.write("and one more;");
  socket.end();
  await ended(socket);
  expect(received).toBe(`${pieces.join("")}and one more;`);
});

test.each([
  ["is to another port", () => gatherWrites(portOf(server) + 1)],
  ["comes after the end", () => gatherWrites(portOf(server))],
])(
  "given a socket that %s, when it is written to, then nothing is held back",
  async (_, gather) => {
    const stop = gather();
    if (_ === "comes after the end") stop();
    const socket = await connected();
    stop();
    socket.write("at once");
    expect(socket.writableCorked).toBe(0);
    socket.end();
    await ended(socket);
    expect(received).toBe("at once");
  },
);
