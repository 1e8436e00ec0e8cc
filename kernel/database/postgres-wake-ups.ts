import pg from "pg";
import type { Logger } from "../logging/logger.ts";
import { LocalWakeUps } from "./wake-ups.ts";

/** NOTIFY in every transaction halves throughput. A change passes four processes on its way: each waits for it. */
const notifyIntervalMs = 10;
const reconnectDelayMs = 1_000;
const connectTimeoutMs = 5_000;
const channel = "selfsame_wake";

/**
 * Wake-ups between processes by LISTEN and NOTIFY on a connection of their own. Lost while that connection
 * is down: readers poll as well.
 */
export class PostgresWakeUps extends LocalWakeUps {
  private readonly url: string;
  private readonly logger: Logger;
  private client: pg.Client | null = null;
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(url: string, logger: Logger) {
    super();
    this.url = url;
    this.logger = logger;
  }

  async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    client.on("notification", ({ payload, processId }) => {
      // Who woke the others has woken its own readers.
      if (processId === (client as { processID?: number }).processID) return;
      for (const topic of (payload ?? "").split(",")) super.wake(topic);
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      if (this.isClosed) throw new Error("closed meanwhile");
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    // Only now: an attempt that failed is its caller's to repeat, else each would make two.
    client.once("end", () => this.reconnect());
    this.client = client;
  }

  override wake(topic: string): void {
    super.wake(topic);
    this.waiting.add(topic);
    // The first hint goes at once, those that follow closely go together.
    if (!this.timer) this.send();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private send(): void {
    const topics = [...this.waiting].join(",");
    this.waiting.clear();
    const sent = this.client?.query("select pg_notify($1, $2)", [channel, topics]);
    const answered = sent?.catch(() => undefined) ?? Promise.resolve();
    this.timer = setTimeout(() => {
      void answered.then(() => {
        this.timer = null;
        if (this.waiting.size > 0 && !this.isClosed) this.send();
      });
    }, notifyIntervalMs);
  }

  private reconnect(): void {
    this.client = null;
    if (this.isClosed) return;
    this.logger.warn("wake-up connection lost; polling until it is back");
    const retry = () => {
      if (this.isClosed) return;
      this.listen().catch(() => setTimeout(retry, reconnectDelayMs).unref());
    };
    setTimeout(retry, reconnectDelayMs).unref();
  }
}
