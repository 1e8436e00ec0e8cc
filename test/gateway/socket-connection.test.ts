import { EventEmitter } from "node:events";
import { expect, test } from "@jest/globals";
import type { WebSocket } from "ws";
import { SocketConnection } from "../../gateway/http/socket-connection.ts";

/** A socket whose peer has gone without a word: writing to it fails. */
class DeadSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  protocol = "graphql-transport-ws";
  isTerminated = false;

  send(_data: string, done: (error: Error) => void): void {
    setImmediate(() => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })));
  }

  terminate(): void {
    this.isTerminated = true;
    this.emit("close");
  }
}

test("given a client that has gone, when it is written to, then it is let go, and that is no error", async () => {
  const socket = new DeadSocket();
  const connection = new SocketConnection(socket as unknown as WebSocket);
  await expect(connection.send("{}")).resolves.toBeUndefined();
  expect(socket.isTerminated).toBe(true);
});
