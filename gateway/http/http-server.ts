import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { Logger } from "../../kernel/logging/logger.ts";
import type { Origins } from "./origins.ts";
import { pathOf, type Routes } from "./routes.ts";
import type { WebSocketEndpoint } from "./web-socket-endpoint.ts";

/** What is not done by then is cut. */
const closeMsMax = 8_000;

/** Listens on one port for everything: GraphQL, WebSocket, ingestion, explorer, machines. */
export class HttpServer {
  private readonly server: Server;
  private readonly routes: Routes;
  private readonly webSockets: WebSocketEndpoint;
  private readonly origins: Origins;
  private readonly logger: Logger;

  constructor(parts: {
    routes: Routes;
    webSockets: WebSocketEndpoint;
    origins: Origins;
    logger: Logger;
  }) {
    this.routes = parts.routes;
    this.webSockets = parts.webSockets;
    this.origins = parts.origins;
    this.logger = parts.logger;
    this.server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 70_000 });
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
      this.server.listen(port, host, 4_096, () =>
        resolve((this.server.address() as AddressInfo).port),
      );
    });
  }

  /** Takes no more; lets what runs end, up to a deadline. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.webSockets.close();
    this.server.closeIdleConnections();
    const sweeping = setInterval(() => this.server.closeIdleConnections(), 100);
    const deadline = setTimeout(() => {
      this.webSockets.terminate();
      this.server.closeAllConnections();
    }, closeMsMax);
    await closed;
    clearInterval(sweeping);
    clearTimeout(deadline);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.routes.handle(request, response);
    } catch (cause) {
      this.logger.error("a request failed", { path: pathOf(request), cause });
      if (!response.headersSent) response.writeHead(500).end();
      else response.destroy();
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal =
      pathOf(request) !== "/graphql"
        ? "404 Not Found"
        : this.origins.allows(request)
          ? null
          : "403 Forbidden";
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    (socket as Socket).setNoDelay(true);
    this.webSockets.upgrade(request, socket, head);
  }
}
