import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Caught {
  headers: IncomingHttpHeaders;
  body: string;
  json: {
    type: string;
    timestamp: string;
    data: {
      deliveryId: string;
      person: {
        id: string;
        identifiers: { namespace: string; value: string }[];
        traits: Record<string, unknown>;
      };
      audience?: { name: string; version: number };
    };
  };
}

/** A real endpoint that remembers what it was sent; `status` is what it answers. */
export class WebhookCatcher {
  readonly caught: Caught[] = [];
  status = 204;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        this.caught.push({ headers: request.headers, body, json: JSON.parse(body) });
        response.writeHead(this.status).end();
      });
    });
  }

  static async open(): Promise<WebhookCatcher> {
    const catcher = new WebhookCatcher();
    await new Promise<void>((resolve) => catcher.server.listen(0, "127.0.0.1", resolve));
    return catcher;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
