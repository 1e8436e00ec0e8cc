import { type Client, createClient } from "graphql-ws";
import WebSocket from "ws";
import type { RunningLayout } from "./running-layout.ts";

/** How a subscription ended: what it was told, or the code of the closed connection. */
export interface Ending {
  errors: readonly { message: string; extensions?: Record<string, unknown> }[];
  closeCode: number | null;
  closeReason: string;
  at: number;
}

/** Follows one subscription over a WebSocket of its own, in the background. */
export class Follower<T> {
  readonly received: T[] = [];
  ending: Ending | null = null;
  private readonly client: Client;

  constructor(
    layout: Pick<RunningLayout, "url" | "key">,
    query: string,
    variables: Record<string, unknown>,
    key = layout.key,
  ) {
    this.client = createClient({
      url: `${layout.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    this.client.subscribe<Record<string, T>>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors) this.end(errors);
          else this.received.push(Object.values(data!)[0]!);
        },
        error: (error) => this.end(error),
        complete: () => this.end([]),
      },
    );
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }

  private end(error: unknown): void {
    const { code = null, reason = "" } = error as { code?: number; reason?: string };
    const errors = Array.isArray(error) ? (error as Ending["errors"]) : [];
    this.ending ??= { errors, closeCode: code, closeReason: reason, at: Date.now() };
  }
}
