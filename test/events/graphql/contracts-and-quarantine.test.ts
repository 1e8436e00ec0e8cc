import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type EventsPlatform, post, startEventsPlatform, startMsMax } from "../events-platform.ts";

let platform: EventsPlatform;
let key: string;
beforeAll(async () => {
  platform = await startEventsPlatform();
  key = await platform.createSource("web");
}, startMsMax);
afterAll(() => platform?.close());

interface Problems {
  problems: { code: string; message: string; path: string[] }[];
}

async function ask<T>(document: string, variables: object = {}, scopes?: never[]): Promise<T> {
  const { data, errors } = await platform.ask<T>("events", document, { ...variables }, scopes);
  if (errors) throw errors[0]!;
  return data!;
}

async function register(event: string, schema: object) {
  const { registerContract } = await ask<{
    registerContract: Problems & {
      contract: { version: number } | null;
      breakingChanges: { path: string; message: string }[];
    };
  }>(
    `mutation ($input: RegisterContractInput!) { registerContract(input: $input) {
       contract { event version family owner state schema } breakingChanges { path message }
       problems { code message path } } }`,
    { input: { event, family: "BUSINESS", owner: "commerce", drives: "ACTIVATION", schema } },
  );
  return registerContract;
}

const orderSchema = {
  type: "object",
  required: ["order_id", "total"],
  properties: { order_id: { type: "string" }, total: { type: "number", minimum: 0 } },
};

const track = (event: string, properties: object, more: object = {}) => ({
  type: "TRACK",
  event,
  userId: "u-1",
  properties,
  ...more,
});

async function ingest(events: object[]) {
  const { ingestEvents } = await ask<{
    ingestEvents: Problems & {
      accepted: number;
      duplicates: number;
      quarantined: number;
      rejected: { index: number; messageId: string; problems: { code: string }[] }[];
    };
  }>(
    `mutation ($input: IngestEventsInput!) { ingestEvents(input: $input) {
       accepted duplicates quarantined rejected { index messageId problems { code message path } }
       problems { code message path } } }`,
    { input: { source: "web", events } },
  );
  return ingestEvents;
}

interface Quarantined {
  messageId: string;
  event: string;
  contractVersion: number | null;
  violations: { path: string; rule: string; message: string }[];
  payload: Record<string, unknown>;
}

async function quarantined(events: string[]) {
  const { quarantinedEvents } = await ask<{
    quarantinedEvents: { nodes: Quarantined[]; totalCount: number };
  }>(
    `query ($filter: QuarantineFilter) { quarantinedEvents(first: 50, filter: $filter) {
       nodes { messageId source { name title } event contractVersion receivedAt
               violations { path rule message } payload }
       pageInfo { hasNextPage endCursor } totalCount } }`,
    { filter: { events } },
  );
  return quarantinedEvents;
}

/** Those that wait no more. */
async function settled(events: string[]) {
  const { quarantinedEvents } = await ask<{ quarantinedEvents: { nodes: unknown[] } }>(
    `query ($filter: QuarantineFilter) { quarantinedEvents(first: 50, filter: $filter) {
       nodes { messageId state settledAt reason } } }`,
    { filter: { events, states: ["REPLAYED", "MENDED", "DISCARDED"] } },
  );
  return quarantinedEvents.nodes;
}

describe("given a contract", () => {
  test("when events violate it, then they wait whole with all their reasons, and the others pass", async () => {
    expect(await register("order_completed", orderSchema)).toMatchObject({
      contract: { version: 1, state: "ACTIVE", schema: orderSchema },
      problems: [],
    });
    const result = await ingest([
      track("order_completed", { order_id: "o-1", total: 1 }),
      track("order_completed", { total: -1 }, { messageId: "bad-1" }),
      track("order_completed", { order_id: 7, total: "x" }, { messageId: "bad-2" }),
    ]);
    expect(result).toMatchObject({ accepted: 1, quarantined: 2, duplicates: 0, rejected: [] });
    const { nodes, totalCount } = await quarantined(["order_completed"]);
    expect(totalCount).toBe(2);
    const [second, first] = nodes;
    expect(first).toMatchObject({
      messageId: "bad-1",
      contractVersion: 1,
      payload: { event: "order_completed", userId: "u-1", properties: { total: -1 } },
    });
    expect(first!.violations.map((one) => [one.path, one.rule]).sort()).toEqual([
      ["/properties", "required"],
      ["/properties/total", "minimum"],
    ]);
    expect(second!.violations).toHaveLength(2);
  });

  test("when a violating and a valid event of one message id come together, then it is as if one came after the other", async () => {
    await register("twice_sent", { type: "object", required: ["x"] });
    const bad = (messageId: string) => track("twice_sent", {}, { messageId });
    const good = (messageId: string) => track("twice_sent", { x: 1 }, { messageId });
    const mended = [bad("mended"), good("mended"), bad("mended"), good("mended")];
    expect(await ingest(mended)).toMatchObject({ accepted: 1, quarantined: 1, duplicates: 2 });
    const spoilt = [good("spoilt"), bad("spoilt")];
    expect(await ingest(spoilt)).toMatchObject({ accepted: 1, quarantined: 0, duplicates: 1 });
    expect((await quarantined(["twice_sent"])).nodes).toEqual([]);
    expect(await settled(["twice_sent"])).toMatchObject([{ messageId: "mended", state: "MENDED" }]);
    const names = (await platform.accepted()).map(({ messageId }) => messageId);
    expect(names).toEqual(expect.arrayContaining(["mended", "spoilt"]));
  });

  test("when an event violates it in more ways than are kept, then it says how many more", async () => {
    await register("very_wrong", { additionalProperties: { type: "number" } });
    const properties = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`p${n}`, "x"]));
    await ingest([track("very_wrong", properties)]);
    const [event] = (await quarantined(["very_wrong"])).nodes;
    expect(event!.violations).toHaveLength(50);
    expect(event!.violations[49]).toEqual({
      path: "/properties",
      rule: "contract",
      message: "and 11 more violations",
    });
  });

  test("when a violating event comes again, then it is a duplicate", async () => {
    const again = track("order_completed", { total: -1 }, { messageId: "bad-1" });
    expect(await ingest([again])).toMatchObject({ accepted: 0, quarantined: 0, duplicates: 1 });
  });

  test("when an event pins a version that does not exist, then it waits with that reason", async () => {
    const context = { contractVersion: 9 };
    const event = track(
      "order_completed",
      { order_id: "o", total: 1 },
      { context, messageId: "v9" },
    );
    expect(await ingest([event])).toMatchObject({ quarantined: 1 });
    const { nodes } = await quarantined(["order_completed"]);
    expect(nodes[0]!.violations[0]).toMatchObject({
      path: "/context/contractVersion",
      message: expect.stringMatching(/Version 9.*known: 1/),
    });
  });

  test("when the next version is registered, then what breaks is told, and a pinned event meets the old one", async () => {
    await register("order_shipped", { type: "object" });
    const next = await register("order_shipped", { type: "object", required: ["carrier"] });
    expect(next).toMatchObject({
      contract: { version: 2 },
      breakingChanges: [{ path: "", message: "carrier is required now" }],
    });
    const pinned = track("order_shipped", {}, { context: { protocols: { event_version: 1 } } });
    expect(await ingest([pinned, track("order_shipped", {})])).toMatchObject({
      accepted: 1,
      quarantined: 1,
    });
  });

  test.each([
    ["is no JSON Schema", { type: "strin" }],
    ["leaves the document", { $ref: "https://example.com/x.json" }],
    ["cannot be matched in linear time", { properties: { a: { pattern: "^(?=a)" } } }],
    ["repeats beyond bound", { properties: { a: { pattern: "^.{1,5000}$" } } }],
    ["has a pattern that is none", { patternProperties: { "(": {} } }],
  ])("when a schema %s, then it is refused as a problem", async (_name, schema) => {
    expect(await register("refused", schema)).toMatchObject({
      contract: null,
      problems: [{ code: "INVALID_SCHEMA", path: ["schema"] }],
    });
  });

  test("when a pattern counts, as those of hashes and account numbers do, then it holds", async () => {
    const schema = { properties: { a: { type: "string", pattern: "^[0-9a-f]{32,64}$" } } };
    expect(await register("hashed", schema)).toMatchObject({ problems: [] });
    const events = [31, 32, 64, 65].map((length) => track("hashed", { a: "f".repeat(length) }));
    expect(await ingest(events)).toMatchObject({ accepted: 2, quarantined: 2 });
  });

  test("when a pattern is evil and a text long, then the check stays quick", async () => {
    await register("evil", { properties: { a: { type: "string", pattern: "^(a+)+$" } } });
    const from = performance.now();
    expect(await ingest([track("evil", { a: `${"a".repeat(20_000)}!` })])).toMatchObject({
      quarantined: 1,
    });
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});

describe("given events in quarantine", () => {
  const replay = async (input: object) =>
    (
      await ask<{ replayQuarantine: { matched: number; replayed: number; waiting: number } }>(
        `mutation ($input: ReplayQuarantineInput!) { replayQuarantine(input: $input) {
           matched replayed waiting problems { code } } }`,
        { input },
      )
    ).replayQuarantine;

  test("when they are replayed with a patch, then they enter the stream with the times they had", async () => {
    await register("invoice_paid", { type: "object", required: ["currency"] });
    const receivedAt = platform.clock.now();
    const timestamp = new Date(receivedAt.getTime() - 60_000).toISOString();
    await ingest([track("invoice_paid", { total: 5 }, { messageId: "i-1", timestamp })]);
    platform.clock.advanceMs(3_600_000);
    const filter = { events: ["invoice_paid"] };
    expect(await replay({ filter })).toMatchObject({ matched: 1, replayed: 0, waiting: 1 });
    const patch = { properties: { currency: "EUR" } };
    expect(await replay({ filter, patch, dryRun: true })).toMatchObject({ replayed: 1 });
    expect(await replay({ filter, patch })).toMatchObject({ matched: 1, replayed: 1, waiting: 0 });
    expect(await replay({ filter, patch })).toMatchObject({ matched: 0 });
    const event = (await platform.accepted()).find((one) => one.messageId === "i-1")!;
    expect(event).toMatchObject({
      properties: { total: 5, currency: "EUR" },
      occurredAt: timestamp,
      receivedAt: receivedAt.toISOString(),
    });
  });

  test("when the sender sends one again, mended, then it waits no more, and says since when", async () => {
    await register("invoice_sent", { type: "object", required: ["currency"] });
    const bad = (messageId: string) => track("invoice_sent", {}, { messageId });
    await ingest([bad("sent-1"), bad("sent-2"), bad("sent-3")]);
    await ask(
      `mutation { discardQuarantine(input: { filter: { messageIds: ["sent-3"] }, reason: "test" }) {
         discarded } }`,
    );
    platform.clock.advanceMs(60_000);
    const good = (messageId: string) => track("invoice_sent", { currency: "EUR" }, { messageId });
    expect(await ingest([good("sent-1"), good("sent-3")])).toMatchObject({ accepted: 2 });
    expect((await quarantined(["invoice_sent"])).nodes).toMatchObject([{ messageId: "sent-2" }]);
    const mendedAt = platform.clock.now().toISOString();
    const nodes = await settled(["invoice_sent"]);
    expect(nodes).toHaveLength(2);
    expect(nodes).toContainEqual({
      messageId: "sent-1",
      state: "MENDED",
      settledAt: mendedAt,
      reason: null,
    });
    expect(nodes).toContainEqual(
      expect.objectContaining({ messageId: "sent-3", state: "DISCARDED", reason: "test" }),
    );
    expect(await replay({ filter: { events: ["invoice_sent"] } })).toMatchObject({ matched: 1 });
  });

  test("when another source sends a good event of that message id, then it waits on", async () => {
    await register("invoice_due", { type: "object", required: ["currency"] });
    await ingest([track("invoice_due", {}, { messageId: "d-1" })]);
    const other = await platform.createSource("other-shop");
    const body = {
      userId: "u",
      event: "invoice_due",
      properties: { currency: "EUR" },
      messageId: "d-1",
    };
    const { body: answer } = await post(`${platform.url}/v1/track`, body, { key: other });
    expect(answer).toMatchObject({ accepted: 1 });
    expect((await quarantined(["invoice_due"])).nodes).toMatchObject([{ messageId: "d-1" }]);
  });

  test("when a patch takes away whom they name, then they wait with that reason", async () => {
    await register("unnamed", { type: "object", required: ["x"] });
    await ingest([track("unnamed", {})]);
    await replay({ filter: { events: ["unnamed"] }, patch: { userId: null } });
    const { nodes } = await quarantined(["unnamed"]);
    expect(nodes[0]!.violations).toMatchObject([{ path: "", rule: "NOBODY_NAMED" }]);
  });

  test("when a batch's context was inherited, then it waits with the event", async () => {
    await register("shared", { type: "object", required: ["x"] });
    const body = {
      context: { app: { name: "shop" } },
      sentAt: new Date().toISOString(),
      batch: [{ type: "track", event: "shared", userId: "u", messageId: "s-1" }],
    };
    const { body: answer } = await post(`${platform.url}/v1/batch`, body, { key });
    expect(answer).toMatchObject({ success: true, accepted: 0, quarantined: 1 });
    const { nodes } = await quarantined(["shared"]);
    expect(nodes[0]!.payload).toMatchObject({ context: { app: { name: "shop" } } });
  });

  test("when the write key came in the body, then it does not wait with the event", async () => {
    await register("from_browser", { type: "object", required: ["x"] });
    const event = { type: "track", event: "from_browser", userId: "u", writeKey: key };
    await post(`${platform.url}/v1/t`, { ...event, messageId: "w-1" });
    await post(`${platform.url}/v1/b`, { writeKey: key, batch: [{ ...event, messageId: "w-2" }] });
    const { nodes } = await quarantined(["from_browser"]);
    expect(nodes.map((node) => node.payload)).toEqual([
      { type: "track", event: "from_browser", userId: "u", messageId: "w-2", context: {} },
      { type: "track", event: "from_browser", userId: "u", messageId: "w-1", context: {} },
    ]);
  });

  test("when an event's time cannot be read, then it waits too", async () => {
    expect(await ingest([track("late", {}, { timestamp: "yesterday" })])).toMatchObject({
      quarantined: 1,
    });
    const { nodes } = await quarantined(["late"]);
    expect(nodes[0]!.violations).toMatchObject([{ path: "/timestamp", rule: "format" }]);
    expect(nodes[0]!.payload.timestamp).toBe("yesterday");
  });

  test("when they are discarded, then they leave the queue with their reason", async () => {
    const { discardQuarantine } = await ask<{ discardQuarantine: { discarded: number } }>(
      `mutation { discardQuarantine(input: { filter: { events: ["late"] }, reason: "test data" }) {
         discarded problems { code } } }`,
    );
    expect(discardQuarantine.discarded).toBe(1);
    expect((await quarantined(["late"])).totalCount).toBe(0);
  });

  test("when the caller may not see personal data, then payloads are masked", async () => {
    const { data } = await platform.ask<{ quarantinedEvents: { nodes: Quarantined[] } }>(
      "events",
      '{ quarantinedEvents(filter: { events: ["shared"] }) { nodes { payload } } }',
      {},
      ["events:read"],
    );
    expect(JSON.stringify(data)).not.toContain("shop");
  });
});
