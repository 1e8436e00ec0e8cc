import type { WebSocket } from "ws";

/** A peer that answers no ping for this long is gone. */
const pingMs = 15_000;
/** A client that takes nothing for this long is let go; it resumes from its cursor. */
const stallMsMax = 10_000;
/** Time for the close frame to arrive before the connection is cut. */
const closeMsMax = 3_000;

export const closeTooSlow = 4413;

/**
 * One client's WebSocket, as graphql-ws wants it. `send` is done when the message has left for the
 * kernel, so the next result is pulled only when the client takes them.
 */
export class SocketConnection {
  readonly protocol: string;
  private readonly socket: WebSocket;
  private readonly pinging: NodeJS.Timeout;
  private isAlive = true;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.protocol = socket.protocol;
    this.pinging = setInterval(() => this.ping(), pingMs);
    socket.on("pong", () => {
      this.isAlive = true;
    });
    socket.on("error", () => socket.terminate());
    socket.once("close", () => clearInterval(this.pinging));
  }

  send(data: string): Promise<void> {
    const { socket } = this;
    return new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      const stalled = setTimeout(() => this.close(closeTooSlow, "Read too slowly"), stallMsMax);
      socket.send(data, (error) => {
        clearTimeout(stalled);
        // It has gone without a word: nobody's fault, and nobody to tell.
        if (error) socket.terminate();
        resolve();
      });
    });
  }

  close(code: number, reason: string): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    socket.close(code, Buffer.from(reason).subarray(0, 120).toString());
    const cut = setTimeout(() => socket.terminate(), closeMsMax);
    socket.once("close", () => clearTimeout(cut));
  }

  /** Lets what is being said now be said first. */
  closeSoon(code: number, reason: string): void {
    setTimeout(() => this.close(code, reason), 100).unref();
  }

  onMessage(listener: (data: string) => Promise<void>): void {
    this.socket.on("message", (data) => {
      listener(String(data)).catch(() => this.close(1011, "Internal error"));
    });
  }

  onceClosed(listener: () => void): void {
    this.socket.once("close", listener);
  }

  private ping(): void {
    if (!this.isAlive) {
      this.socket.terminate();
      return;
    }
    this.isAlive = false;
    this.socket.ping();
  }
}
