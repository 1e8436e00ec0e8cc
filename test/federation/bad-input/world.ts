import { operation } from "../operation.ts";
import { eventually, type RunningLayout } from "../running-layout.ts";

/** An answer over HTTP, whatever its status. */
export interface Answer {
  status: number;
  json: Record<string, unknown> & {
    data?: Record<string, unknown> | null;
    errors?: { message: string; extensions: Record<string, unknown> }[];
  };
}

/** What each row of docs/bad-input.md is tried against. */
export interface World {
  layout: RunningLayout;
  writeKey: string;
  /** POST /v1/<call>; text goes as it is. */
  send(call: string, body: unknown, writeKey?: string | null): Promise<Answer>;
  /** POST /graphql; text goes as it is. */
  graphql(body: unknown, key?: string | null): Promise<Answer>;
  mutate(name: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Message ids in the timeline of a user id, once `count` are there. */
  timelineOf(userId: string, count: number): Promise<Record<string, unknown>[]>;
}

export type Row = (world: World) => Promise<void>;

/** The layout with one source; `send` uses its write key. */
export async function openWorld(layout: RunningLayout): Promise<World> {
  const mutate: World["mutate"] = async (name, input) => {
    const payload = Object.values(await layout.ask(operation(name), { input }))[0];
    return payload as unknown as Record<string, unknown>;
  };
  const source = { name: "web", title: "Web", kind: "WEBSITE" };
  const writeKey = (await mutate("CreateSource", source)).writeKey as string;
  return {
    layout,
    writeKey,
    mutate,
    send: (call, body, given = writeKey) =>
      post(`${layout.url}/v1/${call}`, body, given === null ? null : basic(given)),
    graphql: (body, key = layout.key) =>
      post(`${layout.url}/graphql`, body, key === null ? null : `Bearer ${key}`),
    timelineOf: (userId, count) => timelineOf(layout, userId, count),
  };
}

const basic = (writeKey: string) => `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`;

async function post(url: string, body: unknown, authorization: string | null): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization ? { authorization } : {}) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Answer["json"] };
}

async function timelineOf(layout: RunningLayout, userId: string, count: number) {
  type Nodes = { person: { timeline: { nodes: Record<string, unknown>[] } } | null };
  const by = { identifier: { namespace: "user_id", value: userId } };
  const { person } = await eventually(
    () => layout.ask<Nodes>(operation("Timeline"), { by, first: 100 }),
    (answer) => (answer.person?.timeline.nodes.length ?? 0) >= count,
    60_000,
  );
  return person!.timeline.nodes;
}
