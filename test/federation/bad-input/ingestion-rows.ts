import { expect } from "@jest/globals";
import { operation } from "../operation.ts";
import type { Answer, Row, World } from "./world.ts";

const track = (userId: string, messageId: string, more: object = {}) => ({
  type: "track",
  event: "seen",
  userId,
  messageId,
  ...more,
});

function refusedWhole({ status, json }: Answer, expectedStatus: number, code: string): void {
  expect({ status, code: json.code }).toEqual({ status: expectedStatus, code });
  expect(json.success).toBe(false);
  expect(String(json.message)).toMatch(/\w/);
}

/** A batch of a good, a bad and a good event: the good ones are there, in the person's timeline. */
async function besideGoodOnes(world: World, userId: string, bad: unknown): Promise<Answer> {
  const batch = [track(userId, `${userId}-1`), bad, track(userId, `${userId}-3`)];
  const answer = await world.send("batch", { batch });
  expect(answer.status).toBe(200);
  const events = await world.timelineOf(userId, 2);
  const ids = events.map(({ messageId }) => messageId);
  expect(ids).toEqual(expect.arrayContaining([`${userId}-1`, `${userId}-3`]));
  return answer;
}

function rejectedAlone({ json }: Answer, code: string): void {
  expect(json).toMatchObject({ success: false, accepted: 2, quarantined: 0 });
  expect(json.rejected).toMatchObject([{ index: 1, problems: [{ code }] }]);
}

interface Quarantined {
  quarantinedEvents: {
    nodes: {
      contractVersion: number | null;
      violations: { path: string; rule: string; message: string }[];
      payload: Record<string, unknown>;
    }[];
  };
}

async function quarantined(world: World, messageId: string) {
  const filter = { messageIds: [messageId] };
  const asked = await world.layout.ask<Quarantined>(operation("QuarantinedEvents"), { filter });
  expect(asked.quarantinedEvents.nodes).toHaveLength(1);
  return asked.quarantinedEvents.nodes[0]!;
}

async function registerContract(world: World, event: string): Promise<void> {
  const schema = {
    type: "object",
    required: ["order_id", "total"],
    properties: { order_id: { type: "string" }, total: { type: "number", minimum: 0 } },
  };
  const head = { event, family: "BUSINESS", owner: "commerce", drives: "ACTIVATION" };
  expect(await world.mutate("RegisterContract", { ...head, schema })).toMatchObject({
    problems: [],
  });
}

export const ingestionRows: Record<string, Row> = {
  "wrong-write-key": async (world) => {
    const answer = await world.send("track", track("u-key", "key-1"), "wk_of_nobody");
    refusedWhole(answer, 401, "UNAUTHENTICATED");
  },
  "no-write-key": async (world) => {
    const answer = await world.send("track", track("u-key", "key-2"), null);
    refusedWhole(answer, 401, "UNAUTHENTICATED");
    const by = { identifier: { namespace: "user_id", value: "u-key" } };
    expect(await world.layout.ask(operation("PersonId"), { by })).toEqual({ person: null });
  },
  "wrong-method": async (world) => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
      const response = await fetch(`${world.layout.url}/v1/track`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST, OPTIONS");
      if (method !== "HEAD") expect(await response.json()).toMatchObject({ success: false });
    }
  },
  "malformed-json": async (world) => {
    refusedWhole(await world.send("track", '{"userId": "u-1", '), 400, "INVALID_JSON");
    refusedWhole(await world.send("track", "[1, 2]"), 400, "INVALID_BODY");
  },
  "event-too-large": async (world) => {
    const large = track("u-large", "u-large-2", { properties: { text: "x".repeat(33 * 1024) } });
    refusedWhole(await world.send("track", large), 400, "EVENT_TOO_LARGE");
    rejectedAlone(await besideGoodOnes(world, "u-large", large), "EVENT_TOO_LARGE");
  },
  "batch-too-large": async (world) => {
    const batch = Array.from({ length: 40 }, (_, index) =>
      track("u-batch", `batch-${index}`, { properties: { text: "x".repeat(15_000) } }),
    );
    refusedWhole(await world.send("batch", { batch }), 400, "BODY_TOO_LARGE");
  },
  "too-many-events": async (world) => {
    const batch = Array.from({ length: 2_501 }, (_, index) => track("u-batch", `many-${index}`));
    refusedWhole(await world.send("batch", { batch }), 400, "BATCH_TOO_LARGE");
    const by = { identifier: { namespace: "user_id", value: "u-batch" } };
    expect(await world.layout.ask(operation("PersonId"), { by })).toEqual({ person: null });
  },
  "names-nobody": async (world) => {
    const nobody = { type: "track", event: "seen", messageId: "nobody-1" };
    refusedWhole(await world.send("track", nobody), 400, "NOBODY_NAMED");
    rejectedAlone(await besideGoodOnes(world, "u-nobody", nobody), "NOBODY_NAMED");
  },
  "poisonous-text": async (world) => {
    const text = "a\\u0000b\\ud800c";
    const bad = JSON.stringify(track("u-text", "u-text-2", { properties: { text: "?" } }));
    const batch = [track("u-text", "u-text-1"), 0, track("u-text", "u-text-3")];
    const body = JSON.stringify({ batch }).replace(",0,", `,${bad.replace("?", text)},`);
    const { status, json } = await world.send("batch", body);
    expect({ status, ...json }).toMatchObject({ status: 200, accepted: 3, rejected: [] });
    const events = await world.timelineOf("u-text", 3);
    expect(events.find(({ messageId }) => messageId === "u-text-2")).toMatchObject({
      properties: { text: "a\ufffdb\ufffdc" },
    });
  },
  "poisonous-id": async (world) => {
    const ids = { nul: "a\u0000b", surrogate: "a\ud800", fraction: 1.5, unsafe: 2 ** 60 };
    for (const [name, id] of Object.entries(ids)) {
      const bad = track(id as string, `${name}-2`);
      refusedWhole(await world.send("track", bad), 400, "INVALID_ID");
      rejectedAlone(await besideGoodOnes(world, `u-${name}`, bad), "INVALID_ID");
    }
  },
  "nested-too-deep": async (world) => {
    const deep = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
    const bad = JSON.stringify(track("u-deep", "u-deep-2", { properties: 0 }));
    const batch = [track("u-deep", "u-deep-1"), 7, track("u-deep", "u-deep-3")];
    const poisonous = bad.replace('"properties":0', `"properties":${deep}`);
    refusedWhole(await world.send("track", poisonous), 400, "EVENT_TOO_DEEP");
    const answer = await world.send(
      "batch",
      JSON.stringify({ batch }).replace(",7,", `,${poisonous},`),
    );
    expect(answer.status).toBe(200);
    rejectedAlone(answer, "EVENT_TOO_DEEP");
    expect(await world.timelineOf("u-deep", 2)).toHaveLength(2);
  },
  "field-of-wrong-form": async (world) => {
    for (const [name, value] of Object.entries({ properties: "text", traits: 7, context: [1] })) {
      const bad = track(`u-${name}`, `${name}-2`, { [name]: value });
      refusedWhole(await world.send("track", bad), 400, "INVALID_FIELD");
      rejectedAlone(await besideGoodOnes(world, `u-${name}`, bad), "INVALID_FIELD");
    }
  },
  "unreadable-time": async (world) => {
    const bad = track("u-time", "time-2", { timestamp: "2026-02-30T10:00:00Z" });
    const { json } = await besideGoodOnes(world, "u-time", bad);
    expect(json).toMatchObject({ success: true, accepted: 2, quarantined: 1, rejected: [] });
    const { violations, payload } = await quarantined(world, "time-2");
    expect(violations).toMatchObject([{ rule: "format", path: "/timestamp" }]);
    expect(payload).toMatchObject({ userId: "u-time", timestamp: "2026-02-30T10:00:00Z" });
  },
  "unknown-contract-version": async (world) => {
    await registerContract(world, "order_paid");
    const properties = { order_id: "o-1", total: 1 };
    const event = { type: "track", event: "order_paid", userId: "u-v", messageId: "version-9" };
    const context = { contractVersion: 9 };
    const { status, json } = await world.send("batch", {
      batch: [{ ...event, properties, context }],
    });
    expect({ status, ...json }).toMatchObject({ status: 200, accepted: 0, quarantined: 1 });
    const { violations, payload } = await quarantined(world, "version-9");
    expect(violations).toMatchObject([{ rule: "contractVersion" }]);
    expect(violations[0]!.message).toContain("known: 1");
    expect(payload).toMatchObject({ properties });
  },
  "contract-violation": async (world) => {
    await registerContract(world, "order_completed");
    const properties = { order_id: 7, total: -1, note: "kept" };
    const bad = { ...track("u-broken", "broken-1", { properties }), event: "order_completed" };
    const { json } = await besideGoodOnes(world, "u-broken", bad);
    expect(json).toMatchObject({ success: true, accepted: 2, quarantined: 1, rejected: [] });
    const found = await quarantined(world, "broken-1");
    expect(found.violations.map(({ rule, path }) => `${rule} ${path}`).sort()).toEqual([
      "minimum /properties/total",
      "type /properties/order_id",
    ]);
    expect(found).toMatchObject({
      contractVersion: 1,
      payload: { properties, userId: "u-broken" },
    });
  },
};
