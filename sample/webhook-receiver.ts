import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Counts the webhooks that arrive, by type, each `webhook-id` once. */
export class WebhookReceiver {
  readonly counts = new Map<string, number>();
  private readonly seen = new Set<string>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.count(String(request.headers["webhook-id"]), Buffer.concat(chunks).toString());
        response.writeHead(204).end();
      });
    });
  }

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private count(id: string, body: string): void {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    const { type } = JSON.parse(body) as { type: string };
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
  }
}
