import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export interface ReceivedWebhook {
  id: string;
  type: string;
  timestamp: string;
  personId: string;
  body: {
    type: string;
    timestamp: string;
    data: {
      person: {
        id: string;
        identifiers: { namespace: string; value: string }[];
        traits: Record<string, unknown>;
      };
      audience?: { name: string; version: number };
      deliveryId: string;
    };
  };
  headers: Record<string, string>;
  raw: string;
  /** What we answered. */
  status: number;
}

type Answer = (webhook: ReceivedWebhook, response: ServerResponse) => number | null;

/** A real HTTP endpoint that verifies signatures and keeps what it got, in order. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** Status to answer; null: the function answers (or hangs) itself. */
  answer: Answer = () => 200;
  secret: string | null = null;
  forgeries = 0;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.take(request, response));
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** What it accepted, each id once. */
  get accepted(): ReceivedWebhook[] {
    const seen = new Set<string>();
    return this.received.filter((one) => {
      if (one.status < 200 || one.status >= 300 || seen.has(one.id)) return false;
      seen.add(one.id);
      return true;
    });
  }

  /** `type personId` of what it accepted. */
  get told(): string[] {
    return this.accepted.map((one) => `${one.type} ${one.personId}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    if (this.secret) {
      // `verify` would also hold the timestamp against today's clock; tests have their own.
      const sentAt = new Date(Number(headers["webhook-timestamp"]) * 1_000);
      const expected = new Webhook(this.secret).sign(headers["webhook-id"]!, sentAt, raw);
      if (!headers["webhook-signature"]!.split(" ").includes(expected)) this.forgeries += 1;
    }
    const body = JSON.parse(raw) as ReceivedWebhook["body"];
    const webhook: ReceivedWebhook = {
      id: headers["webhook-id"]!,
      type: body.type,
      timestamp: body.timestamp,
      personId: body.data.person.id,
      body,
      headers,
      raw,
      status: 0,
    };
    this.received.push(webhook);
    const status = this.answer(webhook, response);
    if (status === null) return;
    webhook.status = status;
    response.writeHead(status).end();
  }
}
