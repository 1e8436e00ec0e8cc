import { Agent, request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createClient as createSseClient } from "graphql-sse";
import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";
import { rootKey, startTestGateway, type TestGateway } from "./test-gateway.ts";
import { work } from "./test-subgraphs.ts";

let gateway: TestGateway;
const clients: Client[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
}, 60_000);
afterAll(async () => {
  for (const client of clients) void client.dispose();
  await gateway.stop();
});
beforeEach(() => {
  work.events = 0;
});

const document =
  "subscription($after: Cursor) { profileChanged(after: $after) { cursor person { id score } } }";

interface Change {
  profileChanged: { cursor: string; person: { id: string; score: number | null } };
}

function socketClient(key: string = rootKey): Client {
  const client = createClient({
    url: `ws://${gateway.address}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  });
  clients.push(client);
  return client;
}

function subscribe(after: string | null, client: Client = socketClient()) {
  return client.iterate<Change>({ query: document, variables: { after } }) as Changes;
}

async function head(): Promise<string> {
  return (await gateway.ask("{ streamHead(stream: PROFILE) }")).data.streamHead;
}

type Changes = AsyncIterator<{ data?: Change | null | undefined }>;

async function take(stream: Changes, count: number) {
  const changes: Change["profileChanged"][] = [];
  while (changes.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    changes.push(value.data!.profileChanged);
  }
  return changes;
}

/** A subscription from now on has begun when it tells of a change. */
async function begun(stream: Changes): Promise<void> {
  const first = stream.next();
  const ticks: Promise<unknown>[] = [];
  const ticking = setInterval(() => ticks.push(gateway.change("begin")), 20);
  await first;
  clearInterval(ticking);
  await Promise.all(ticks);
}

/** Changes the person, and reads each stream up to that change. */
async function changeAndRead(person: string, streams: Changes[]): Promise<void> {
  await gateway.change(person);
  for (const stream of streams) {
    let change: Change["profileChanged"] | undefined;
    do [change] = await take(stream, 1);
    while (change?.person.id !== person);
  }
}

/** Asks for server-sent events and goes away some milliseconds later. */
function leaveAfter(agent: Agent, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const headers = {
      accept: "text/event-stream",
      "content-type": "application/json",
      authorization: `Bearer ${rootKey}`,
    };
    const asking = request(gateway.url, { method: "POST", agent, headers });
    asking.on("error", () => undefined).on("close", () => resolve());
    asking.end(JSON.stringify({ query: document }), () => setTimeout(() => asking.destroy(), ms));
  });
}

async function makeKey() {
  const made = await gateway.ask(
    'mutation { createApiKey(input: { name: "s", scopes: ["profiles:read"] }) { apiKey { id } secret } }',
  );
  return { id: made.data.createApiKey.apiKey.id, secret: made.data.createApiKey.secret };
}

describe("a subscription", () => {
  test("given a cursor, when changes came since, then all come in order, and then new ones", async () => {
    const after = await head();
    for (const person of ["a", "bb", "unlucky"]) await gateway.change(person);
    const stream = subscribe(after);
    const old = await take(stream, 3);
    expect(old.map(({ person }) => person)).toEqual([
      { id: "a", score: 1 },
      { id: "bb", score: 2 },
      { id: "unlucky", score: null },
    ]);
    await gateway.change("dddd");
    const [next] = await take(stream, 1);
    expect(next).toMatchObject({ person: { id: "dddd", score: 4 } });
    await stream.return?.();
    const resumed = subscribe(old[0]!.cursor);
    expect((await take(resumed, 3)).map(({ person }) => person.id)).toEqual([
      "bb",
      "unlucky",
      "dddd",
    ]);
    await resumed.return?.();
  });

  test("given an error in one event, when the next comes, then it has no errors of the one before", async () => {
    const after = await head();
    await gateway.change("unlucky");
    await gateway.change("p2");
    const stream = subscribe(after);
    const first = await stream.next();
    const second = await stream.next();
    expect(first.value.errors).toHaveLength(1);
    expect(second.value.errors).toBeUndefined();
    await stream.return?.();
  });

  test("given server-sent events by graphql-sse, when changes come, then it tells them", async () => {
    const after = await head();
    await gateway.change("sse");
    const client = createSseClient({
      url: gateway.url,
      headers: { authorization: `Bearer ${rootKey}` },
      retryAttempts: 0,
    });
    const stream = client.iterate({ query: document, variables: { after } }) as Changes;
    expect(await take(stream, 1)).toMatchObject([{ person: { id: "sse", score: 3 } }]);
    await stream.return?.();
    const query = client.iterate({ query: "{ __typename }" });
    expect(await query.next()).toMatchObject({ value: { data: { __typename: "Query" } } });
    client.dispose();
  });

  test("given a document in fragments with its cursor in it, when several resume, then all get all", async () => {
    const after = await head();
    for (const person of ["f1", "f2"]) await gateway.change(person);
    const query = `subscription { ...root } fragment root on Subscription {
      profileChanged(after: "${after}") { ...change } profileChanged(after: "${after}") { person { id } }
    } fragment change on ProfileChange { cursor }`;
    const streams = [1, 2, 3].map(() => socketClient().iterate<Change>({ query }) as Changes);
    for (const stream of streams) {
      const changes = await take(stream, 2);
      expect(changes).toEqual([
        { cursor: expect.any(String), person: { id: "f1" } },
        { cursor: expect.any(String), person: { id: "f2" } },
      ]);
    }
    await Promise.all(streams.map((stream) => stream.return?.()));
  });

  test("given clients that leave while it is being opened, then nothing stays open behind them", async () => {
    const open = async () => {
      const text = await (await fetch(`http://${gateway.address}/metrics`)).text();
      return Number(/^selfsame_gateway_subscriptions (\d+)/m.exec(text)?.[1]);
    };
    const before = await open();
    const agent = new Agent({ keepAlive: false });
    await Promise.all(Array.from({ length: 50 }, (_, index) => leaveAfter(agent, index % 10)));
    for (let round = 0; round < 100 && (await open()) > before; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await open()).toBe(before);
  }, 60_000);

  test("given a client that names every form it reads, when it asks, then each comes in its own", async () => {
    const accept = "application/graphql-response+json, application/json, text/event-stream";
    const ask = (query: string, accepted: string) =>
      fetch(gateway.url, {
        method: "POST",
        headers: {
          accept: accepted,
          "content-type": "application/json",
          authorization: `Bearer ${rootKey}`,
        },
        body: JSON.stringify({ query, variables: { after: "0" } }),
      });
    const formOf = async (query: string, accepted: string) => {
      const response = await ask(query, accepted);
      await response.body?.cancel();
      return response.headers.get("content-type")?.split(";")[0];
    };
    expect(await formOf("{ __typename }", accept)).toBe("application/graphql-response+json");
    expect(await formOf("{ __typename }", "text/event-stream, */*")).toBe("application/json");
    expect(await formOf("{ __typename }", "text/event-stream")).toBe("text/event-stream");
    expect(await formOf(document, accept)).toBe("text/event-stream");
    expect(await formOf(document, "text/event-stream, */*")).toBe("text/event-stream");
    expect(await formOf(document, "*/*")).toBe("application/json");
  });

  test("given a bad cursor, when subscribed, then the error has its code", async () => {
    const stream = subscribe("nonsense");
    await expect(stream.next()).rejects.toMatchObject([{ extensions: { code: "BAD_CURSOR" } }]);
  });

  test("given an invalid document, when subscribed, then the error has its code", async () => {
    const stream = socketClient().iterate({ query: "subscription { nothing }" });
    await expect(stream.next()).rejects.toMatchObject([{ extensions: { code: "BAD_INPUT" } }]);
  });

  test("given a wrong key, when connected, then the socket closes with 4401", async () => {
    const stream = subscribe(null, socketClient("x".repeat(40)));
    await expect(stream.next()).rejects.toMatchObject({ code: 4401 });
  });

  test("given queries and mutations on the socket, when sent, then they are answered", async () => {
    const stream = socketClient().iterate({ query: '{ person(by: { id: "p1" }) { score } }' });
    expect(await stream.next()).toMatchObject({ value: { data: { person: { score: 2 } } } });
  });
});

describe("equal subscribers", () => {
  test("given ten live ones, when a change comes, then it is executed once for all", async () => {
    const client = socketClient();
    const streams = Array.from({ length: 10 }, () => subscribe(null, client));
    await Promise.all(streams.map(begun));
    await changeAndRead("quiet", streams);
    work.events = 0;
    await changeAndRead("shared", streams);
    expect(work.events).toBe(1);
    await Promise.all(streams.map((stream) => stream.return?.()));
  });

  test("given ten that resume, when they have caught up, then they share, and miss nothing", async () => {
    const after = await head();
    for (let index = 0; index < 5; index += 1) await gateway.change(`old-${index}`);
    const client = socketClient();
    const streams = Array.from({ length: 10 }, () => subscribe(after, client));
    const all = Promise.all(streams.map((stream) => take(stream, 45)));
    for (let index = 0; index < 40; index += 1) {
      await gateway.change(`new-${index}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const expected = [
      ...Array.from({ length: 5 }, (_, index) => `old-${index}`),
      ...Array.from({ length: 40 }, (_, index) => `new-${index}`),
    ];
    for (const changes of await all) {
      expect(changes.map(({ person }) => person.id)).toEqual(expected);
    }
    // Each alone would execute 45 times.
    expect(work.events).toBeLessThan(300);
    await Promise.all(streams.map((stream) => stream.return?.()));
  });

  test("given other scopes, when a change comes, then nothing is shared", async () => {
    const { secret } = await makeKey();
    const [mine, theirs] = [subscribe(null), subscribe(null, socketClient(secret))];
    await Promise.all([begun(mine), begun(theirs)]);
    await changeAndRead("quiet", [mine, theirs]);
    work.events = 0;
    await changeAndRead("apart", [mine, theirs]);
    expect(work.events).toBe(2);
    await Promise.all([mine.return?.(), theirs.return?.()]);
  });
});

describe("the right to read", () => {
  test("given an open socket, when its key is revoked, then the subscription ends with an error", async () => {
    const { id, secret } = await makeKey();
    const stream = subscribe(null, socketClient(secret));
    await begun(stream);
    const ended = (async () => {
      while (!(await stream.next()).done);
    })();
    const since = Date.now();
    await gateway.ask(`mutation { revokeApiKey(input: { id: "${id}" }) { apiKey { id } } }`);
    await expect(ended).rejects.toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
    expect(Date.now() - since).toBeLessThan(1_000);
  });

  test("given server-sent events, when the key is revoked, then the last event says so", async () => {
    const { id, secret } = await makeKey();
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: {
        accept: "text/event-stream",
        "content-type": "application/json",
        authorization: `Bearer ${secret}`,
      },
      body: JSON.stringify({ query: document }),
    });
    await gateway.ask(`mutation { revokeApiKey(input: { id: "${id}" }) { apiKey { id } } }`);
    const text = await response.text();
    expect(text).toContain('"code":"UNAUTHENTICATED"');
    expect(text.trimEnd()).toMatch(/event: complete\ndata:$/);
  });
});
