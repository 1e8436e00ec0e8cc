import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { rewriteEntries } from "../../kernel/streams/scrub-stream.ts";
import { eventually } from "../federation/running-layout.ts";
import { startTestGateway } from "./test-gateway.ts";

const parked = `query Parked($first: Int, $after: String) {
  parkedEntries(first: $first, after: $after) {
    nodes { consumer stream reason parkedAt payload }
    pageInfo { hasNextPage endCursor }
  }
}`;
interface Page {
  nodes: { consumer: string; stream: string; reason: string; payload: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

let gateway: Awaited<ReturnType<typeof startTestGateway>>;

beforeAll(async () => {
  gateway = await startTestGateway();
  const mails = ["ann@x.org", "bo@x.org", "cleo@x.org"];
  await gateway.database.transaction((tx) =>
    gateway.streams.append(
      tx,
      "consent",
      mails.map((mail) => ({ key: mail, kind: "CONSENT", payload: { mail } })),
    ),
  );
  const consumer = gateway.streams.consume({
    consumer: "picky",
    stream: "consent",
    batchSize: 10,
    handle: async (_, entries) => {
      const bad = entries.find(({ key }) => key !== "bo@x.org");
      if (bad) throw new Error(`cannot do ${bad.key}`);
    },
  });
  await eventually(count, (total) => total === 2, 30_000);
  await consumer.stop();
});

afterAll(() => gateway?.stop());

async function count(): Promise<number> {
  const [row] = await gateway.database.query<{ count: number }>(
    "select count(*) as count from streams.parked",
  );
  return row!.count;
}

async function page(variables: Record<string, unknown> = {}, key?: string): Promise<Page> {
  const { data } = await gateway.ask(parked, variables, key);
  return (data as { parkedEntries: Page }).parkedEntries;
}

async function keyWith(...scopes: string[]): Promise<string> {
  const { data } = await gateway.ask(
    "mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { secret } }",
    { i: { name: "operator", scopes } },
  );
  return (data as { createApiKey: { secret: string } }).createApiKey.secret;
}

test("given entries that a part could not work off, when an operator asks, then each tells who, what and why", async () => {
  const { nodes } = await page();
  expect(nodes.map(({ parkedAt: _, ...node }: Record<string, unknown>) => node)).toEqual(
    [["cleo@x.org"], ["ann@x.org"]].map(([mail]) => ({
      consumer: "picky",
      stream: "consent",
      reason: `Error: cannot do ${mail}`,
      payload: { mail },
    })),
  );
});

test("given pages of one, when they are followed, then each entry comes once", async () => {
  const first = await page({ first: 1 });
  const second = await page({ first: 1, after: first.pageInfo.endCursor });
  expect([first, second].map(({ nodes }) => (nodes[0]!.payload as { mail: string }).mail)).toEqual([
    "cleo@x.org",
    "ann@x.org",
  ]);
  expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
});

test("given a cursor whose key is no number, then BAD_CURSOR", async () => {
  const after = Buffer.from(JSON.stringify(["parkedEntries", "x"])).toString("base64url");
  const { errors } = await gateway.ask(parked, { after });
  expect(errors?.[0]?.extensions?.code).toBe("BAD_CURSOR");
});

test("given an operator without pii:read, then he sees that something is wrong, but not of whom", async () => {
  const { nodes } = await page({}, await keyWith("events:read"));
  expect(nodes).toHaveLength(2);
  expect(JSON.stringify(nodes)).not.toMatch(/cleo|ann@/);
});

test("given somebody who may not read events, then FORBIDDEN", async () => {
  const { errors } = await gateway.ask(parked, {}, await keyWith("profiles:read", "pii:read"));
  expect(errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
});

test("given parked entries, when metrics are read, then they are counted by consumer", async () => {
  const text = await gateway.metrics.metrics();
  expect(text).toContain('selfsame_stream_entries_parked{consumer="picky"} 2');
});

test("given a parked entry, when it is erased from its stream, then its reason no longer tells of it", async () => {
  await rewriteEntries(gateway.database, "consent", [{ position: 1, key: "gone", text: "{}" }]);
  const { nodes } = await page();
  expect(JSON.stringify(nodes)).not.toContain("ann@x.org");
  expect(JSON.stringify(nodes)).toContain("cleo@x.org");
});
