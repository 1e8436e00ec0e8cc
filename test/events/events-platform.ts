import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import { eventsModule } from "../../subgraphs/events/module.ts";
import { startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";

/** The events subgraph alone, with its HTTP API on a free port. */
export interface EventsPlatform extends TestPlatform {
  url: string;
  server: Server;
  /** Defines a source; gives its write key. */
  createSource(name: string): Promise<string>;
  /** All events in the stream. */
  accepted(): Promise<AcceptedEvent[]>;
  close(): Promise<void>;
}

/** An engine of its own starts in 3 s, on a busy machine in many more. */
export const startMsMax = 120_000;

export async function startEventsPlatform(): Promise<EventsPlatform> {
  const platform = await startTestPlatform([eventsModule]);
  const { routes } = platform.running.subgraphs.get("events")!;
  const server = createServer((request, response) => void routes[0]!.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...platform,
    url,
    server,
    createSource: async (name) => {
      const { data } = await platform.ask<{ createSource: { writeKey: string } }>(
        "events",
        `mutation ($input: CreateSourceInput!) {
           createSource(input: $input) { writeKey problems { code } } }`,
        { input: { name, title: name, kind: "WEBSITE" } },
      );
      return data!.createSource.writeKey;
    },
    accepted: async () => {
      const entries = await platform.streams.read(platform.database, "events", 0, 1_000);
      return entries.map((entry) => entry.payload as AcceptedEvent);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await platform.stop();
    },
  };
}

/** An answer of the HTTP API. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & {
    accepted?: number;
    rejected?: { index: number; messageId: string | null; problems: { code: string }[] }[];
  };
}

/** Posts a body as it is; objects as JSON. */
export async function post(
  url: string,
  body: unknown,
  options: { key?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const authorization = options.key
    ? { authorization: `Basic ${Buffer.from(`${options.key}:`).toString("base64")}` }
    : {};
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(url, {
    method: "POST",
    body: isRaw ? (body as string) : JSON.stringify(body),
    headers: { "content-type": "application/json", ...authorization, ...options.headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}
