import { Pool } from "undici";

/** Sends events to `/v1/batch` over a few kept-alive connections. */
export class Load {
  private readonly pool: Pool;
  private readonly authorization: string;

  constructor(url: string, writeKey: string, connections: number) {
    this.pool = new Pool(url, { connections });
    this.authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`;
  }

  /** One request; throws unless all of it was accepted. */
  async post(path: string, body: string): Promise<void> {
    const { statusCode, body: answer } = await this.pool.request({
      path,
      method: "POST",
      headers: { "content-type": "application/json", authorization: this.authorization },
      body,
    });
    const text = await answer.text();
    if (statusCode !== 200) throw new Error(`${statusCode} ${text}`);
  }

  /** All bodies, as many at a time as `concurrency`; gives seconds. */
  async postAll(path: string, bodies: readonly string[], concurrency: number): Promise<number> {
    const begun = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (next < bodies.length) await this.post(path, bodies[next++]!);
      }),
    );
    return (performance.now() - begun) / 1_000;
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

let serial = 0;

/** Track events of `users` people, in their order; about 400 bytes each, as a web shop sends them. */
export function trackEvents(name: string, count: number, users: number, prefix: string): object[] {
  return Array.from({ length: count }, (_, index) => {
    const user = index % users;
    serial += 1;
    return {
      type: "track",
      event: name,
      messageId: `${prefix}-${serial}`,
      userId: `${prefix}-u-${user}`,
      anonymousId: `${prefix}-a-${user}`,
      timestamp: new Date().toISOString(),
      properties: { order_id: `o-${serial}`, total: index % 100, currency: "EUR", product: "shoe" },
      context: { library: { name: "bench", version: "1" }, page: { path: "/cart", title: "Cart" } },
    };
  });
}

export function inBatches(events: readonly object[], size: number): string[] {
  const bodies: string[] = [];
  for (let start = 0; start < events.length; start += size) {
    bodies.push(JSON.stringify({ batch: events.slice(start, start + size) }));
  }
  return bodies;
}
