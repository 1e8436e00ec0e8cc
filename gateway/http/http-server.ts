import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { Logger } from "../../kernel/logging/logger.ts";
import type { Origins } from "./origins.ts";
import { pathOf, type Routes } from "./routes.ts";
import type { WebSocketEndpoint } from "./web-socket-endpoint.ts";

/** Longer than balancers keep a connection, so that they are the ones to end it. */
const keepAliveMs = 65_000;
/** What is not done by then is cut; container engines kill after 10 s. */
const closeMsMax = 5_000;
/** How long idle connections are left open at the end, so that what is on its way over them is answered. */
const lastRequestsMs = 300;
/** A request that has not come whole by then is answered 408 and cut off. */
const requestMsMaxDefault = 60_000;
const connectionsCheckMs = 2_000;
/** Longer than any answer takes to come. A client that takes nothing of it for this long is cut off. */
const silenceMsMaxDefault = 90_000;

/** Listens on one port for everything: GraphQL, WebSocket, ingestion, explorer, machines. */
export class HttpServer {
  private readonly server: Server;
  private readonly routes: Routes;
  private readonly webSockets: WebSocketEndpoint;
  private readonly origins: Origins;
  private readonly logger: Logger;
  private readonly silenceMsMax: number;
  private readonly answering = new Set<ServerResponse>();
  private isClosing = false;

  constructor(parts: {
    routes: Routes;
    webSockets: WebSocketEndpoint;
    origins: Origins;
    logger: Logger;
    requestMsMax?: number;
    silenceMsMax?: number;
  }) {
    this.routes = parts.routes;
    this.webSockets = parts.webSockets;
    this.origins = parts.origins;
    this.logger = parts.logger;
    this.silenceMsMax = parts.silenceMsMax ?? silenceMsMaxDefault;
    const { requestMsMax = requestMsMaxDefault } = parts;
    this.server = createServer({
      keepAliveTimeout: keepAliveMs,
      headersTimeout: requestMsMax,
      requestTimeout: requestMsMax,
      connectionsCheckingInterval: Math.min(connectionsCheckMs, requestMsMax),
      // Java's client offers HTTP/2 with each request (h2c) and takes HTTP/1.1 for an answer.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
    });
    this.server.on("request", (request, response) => void this.handle(request, response));
    this.server.on("upgrade", (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** Gives the port (asked for 0, the system picks one). Throws UNAVAILABLE when it is taken. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (cause) => {
        const message = `Cannot listen on ${host}:${port}: ${cause.message}`;
        reject(new DomainError("UNAVAILABLE", message, { cause }));
      });
      this.server.listen(port, host, 4_096, () => {
        this.server.on("error", (cause) => this.logger.error("cannot accept", { cause }));
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connections; answers what comes over open ones, as their last; cuts at a deadline. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const response of this.answering) response.shouldKeepAlive = false;
    // The `close` of an HTTP server cuts idle connections at once, with requests on their way.
    const closed = new Promise<void>((resolve) =>
      NetServer.prototype.close.call(this.server, () => resolve()),
    );
    this.webSockets.close();
    const from = Date.now();
    const sweeping = setInterval(() => {
      if (Date.now() - from >= lastRequestsMs) this.server.closeIdleConnections();
    }, 100);
    const deadline = setTimeout(() => {
      this.webSockets.terminate();
      this.server.closeAllConnections();
    }, closeMsMax);
    await closed;
    clearInterval(sweeping);
    clearTimeout(deadline);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isClosing) response.shouldKeepAlive = false;
    this.answering.add(response);
    // An answer that nobody takes would be kept for as long as the connection stands.
    response.setTimeout(this.silenceMsMax, () => response.destroy());
    response.once("close", () => this.answering.delete(response));
    try {
      await this.routes.handle(request, response);
    } catch (cause) {
      this.logger.error("a request failed", { path: pathOf(request), cause });
      if (!response.headersSent) response.writeHead(500).end();
      else response.destroy();
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // The socket is ours now: a client that resets it would end the process.
    socket.on("error", () => socket.destroy());
    const refusal =
      pathOf(request) !== "/graphql"
        ? "404 Not Found"
        : this.origins.allows(request)
          ? null
          : "403 Forbidden";
    if (refusal) {
      const answer = `HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
      // Nobody reads what else the client sends: left open it would stay open for ever.
      socket.end(answer, () => socket.destroy());
      return;
    }
    (socket as Socket).setNoDelay(true);
    this.webSockets.upgrade(request, socket, head);
  }
}
