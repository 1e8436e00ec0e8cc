import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type EventsPlatform, post, startEventsPlatform, startMsMax } from "../events-platform.ts";

let platform: EventsPlatform;
let key: string;
let count = 0;

beforeAll(async () => {
  platform = await startEventsPlatform();
  key = await platform.createSource("web");
}, startMsMax);
afterAll(() => platform?.close());

const good = (more: object = {}) => {
  count += 1;
  return { type: "track", event: "seen", userId: `u-${count}`, messageId: `m-${count}`, ...more };
};
const nextPoison = () => {
  count += 1;
  return `poison-${count}`;
};
const batch = (body: unknown, options: { headers?: Record<string, string> } = {}) =>
  post(`${platform.url}/v1/batch`, body, { key, ...options });

/** A batch of a good event, the raw JSON of a bad one, and another good one. */
const around = (raw: string) =>
  `{"batch":[${JSON.stringify(good())},${raw},${JSON.stringify(good())}]}`;

describe("given a request that cannot be taken as a whole", () => {
  test.each([
    ["no write key", () => post(`${platform.url}/v1/track`, good()), 401, "UNAUTHENTICATED"],
    [
      "an unknown write key",
      () => post(`${platform.url}/v1/batch`, { batch: [good()] }, { key: "wk_x" }),
      401,
      "UNAUTHENTICATED",
    ],
    [
      "an unknown write key in the body",
      () => post(`${platform.url}/v1/t`, { ...good(), writeKey: "wk_x" }),
      401,
      "UNAUTHENTICATED",
    ],
    ["no JSON", () => batch("{nope"), 400, "INVALID_JSON"],
    ["an empty body", () => batch(""), 400, "INVALID_JSON"],
    ["a list in place of an object", () => batch("[]"), 400, "INVALID_BODY"],
    ["no batch", () => batch({ events: [] }), 400, "BATCH_MISSING"],
    [
      "2,501 events",
      () => batch({ batch: Array.from({ length: 2_501 }, () => ({})) }),
      400,
      "BATCH_TOO_LARGE",
    ],
    [
      "more than 500 KB",
      () => batch(`{"batch":["${"x".repeat(512_000)}"]}`),
      400,
      "BODY_TOO_LARGE",
    ],
    [
      "tens of megabytes",
      () => batch(`{"batch":["${"x".repeat(30_000_000)}"]}`),
      400,
      "BODY_TOO_LARGE",
    ],
    [
      "a gzip bomb",
      () => batch(gzipSync(Buffer.alloc(50_000_000, 0x20)), gzipped),
      400,
      "BODY_TOO_LARGE",
    ],
    ["gzip that is none", () => batch("nonsense", gzipped), 400, "INVALID_BODY"],
    [
      "an unknown encoding",
      () => batch("x", { headers: { "content-encoding": "lzma" } }),
      400,
      "UNKNOWN_ENCODING",
    ],
    [
      "a context too large to inherit",
      () => batch({ context: { a: "x".repeat(40_000) }, batch: [good()] }),
      400,
      "CONTEXT_TOO_LARGE",
    ],
    ["an unknown call", () => post(`${platform.url}/v1/nope`, good(), { key }), 404, "NOT_FOUND"],
  ])("when it has %s, then it is refused clearly", async (_name, send, status, code) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ success: false, code, message: expect.any(String) });
  });
});

const gzipped = { headers: { "content-encoding": "gzip" } };
const named = (raw: string) => `{"type":"track","event":"x","userId":"u-1",${raw}}`;

describe("given a batch with one event that cannot be taken", () => {
  test.each([
    ["names nobody", '{"type":"track","event":"x"}', "NOBODY_NAMED"],
    ["names nobody but by blanks", '{"type":"track","event":"x","userId":"  "}', "NOBODY_NAMED"],
    ["has no type", '{"event":"x","userId":"u"}', "INVALID_TYPE"],
    ["has a type that is an object", '{"type":{"toString":1},"userId":"u"}', "INVALID_TYPE"],
    ["has a type of the prototype", '{"type":"constructor","userId":"u"}', "INVALID_TYPE"],
    ["is a track without a name", '{"type":"track","userId":"u"}', "EVENT_NAME_MISSING"],
    ["is a group call without a group", '{"type":"group","userId":"u"}', "GROUP_ID_MISSING"],
    ["is an alias without a previous id", '{"type":"alias","userId":"u"}', "PREVIOUS_ID_MISSING"],
    [
      "is a group call of a blank group",
      '{"type":"group","userId":"u","groupId":" "}',
      "GROUP_ID_MISSING",
    ],
    [
      "is an alias of a blank id",
      '{"type":"alias","userId":"u","previousId":""}',
      "PREVIOUS_ID_MISSING",
    ],
    ["is an alias for nobody", '{"type":"alias","userId":"","previousId":"p"}', "USER_ID_MISSING"],
    ["has a fraction as user id", '{"type":"identify","userId":1.1}', "INVALID_ID"],
    ["is null", "null", "INVALID_EVENT"],
    [
      "has a list as properties",
      '{"type":"track","event":"x","userId":"u","properties":[1]}',
      "INVALID_FIELD",
    ],
    ["is text", '"track"', "INVALID_EVENT"],
    ["has a user id with NUL", '{"type":"identify","userId":"a\\u0000b"}', "INVALID_ID"],
    [
      "has a user id with half a character",
      '{"type":"identify","userId":"a\\ud800"}',
      "INVALID_ID",
    ],
    ["has a user id that is an object", '{"type":"identify","userId":{}}', "INVALID_ID"],
    [
      "has a number as user id that lost digits",
      '{"type":"identify","userId":12345678901234567890}',
      "INVALID_ID",
    ],
    [
      "has a user id of 600 characters",
      `{"type":"identify","userId":"${"u".repeat(600)}"}`,
      "INVALID_ID",
    ],
    [
      "has a user id of 500 characters of three bytes",
      `{"type":"identify","userId":"${"顧".repeat(500)}"}`,
      "INVALID_ID",
    ],
    [
      "has a message id of 300 characters",
      named(`"messageId":"${"m".repeat(300)}"`),
      "INVALID_MESSAGE_ID",
    ],
    [
      "is larger than 32 KB",
      named(`"properties":{"a":"${"é".repeat(17_000)}"}`),
      "EVENT_TOO_LARGE",
    ],
    [
      "is nested thousands of levels",
      named(`"properties":{"a":${"[".repeat(9_000)}${"]".repeat(9_000)}}`),
      "EVENT_TOO_DEEP",
    ],
    [
      "has a name of 300 characters",
      `{"type":"track","userId":"u","event":"${"e".repeat(300)}"}`,
      "EVENT_NAME_TOO_LONG",
    ],
  ])(
    "when it %s, then it is named with its reason and the others are taken",
    async (_name, raw, code) => {
      const { status, body } = await batch(around(raw));
      expect(status).toBe(200);
      expect(body).toMatchObject({ success: false, accepted: 2, quarantined: 0, duplicates: 0 });
      expect(body.rejected).toHaveLength(1);
      expect(body.rejected![0]!.index).toBe(1);
      expect(body.rejected![0]!.problems.map((problem) => problem.code)).toContain(code);
    },
  );

  test("when it is the only event of a single call, then the answer is 400 with its reason", async () => {
    const answer = await post(`${platform.url}/v1/track`, { event: "x" }, { key });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ success: false, code: "NOBODY_NAMED", accepted: 0 });
  });
});

describe("given a batch with one poisonous event that can be kept", () => {
  test.each([
    [
      "NUL in a property",
      named('"properties":{"a\\u0000":"b\\u0000c"}'),
      { "a\ufffd": "b\ufffdc" },
    ],
    ["lone surrogates", named('"properties":{"a":"x\\udfffy"}'), { a: "x\ufffdy" }],
    ["a __proto__ key", named('"properties":{"__proto__":{"admin":true},"a":1}'), { a: 1 }],
    [
      "a number beyond double",
      named('"properties":{"a":1e999,"b":[-1e999]}'),
      { a: null, b: [null] },
    ],
    [
      "a constructor key",
      named('"properties":{"constructor":{"prototype":1}}'),
      { constructor: { prototype: 1 } },
    ],
  ])("when it has %s, then all are taken and it is cleaned", async (_name, raw, properties) => {
    const messageId = nextPoison();
    const { body } = await batch(
      around(raw.replace('"userId"', `"messageId":"${messageId}","userId"`)),
    );
    expect(body).toMatchObject({ success: true, accepted: 3, rejected: [] });
    const event = (await platform.accepted()).find((one) => one.messageId === messageId)!;
    expect(event.properties).toEqual(properties);
  });

  test("when bytes are no UTF-8 and a byte order mark leads, then all are taken", async () => {
    const messageId = nextPoison();
    const text = around(named(`"messageId":"${messageId}","properties":{"a":"~"}`));
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
    bytes[bytes.indexOf("~")] = 0xff;
    const { body } = await batch(bytes);
    expect(body).toMatchObject({ success: true, accepted: 3 });
    const event = (await platform.accepted()).find((one) => one.messageId === messageId)!;
    expect(event.properties).toEqual({ a: "\ufffd" });
  });
});

describe("given events that were sent before", () => {
  test("when they come again, then they are counted as duplicates and kept once", async () => {
    const events = [good(), good()];
    expect((await batch({ batch: events })).body).toMatchObject({ accepted: 2, duplicates: 0 });
    const again = { batch: [...events, good(), events[0]] };
    expect((await batch(again)).body).toMatchObject({ accepted: 1, duplicates: 3 });
  });

  test("when another source uses the same message id, then it is another event", async () => {
    const other = await platform.createSource("other");
    const event = good();
    await batch({ batch: [event] });
    const answer = await post(`${platform.url}/v1/batch`, { batch: [event] }, { key: other });
    expect(answer.body).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test("when an event has no message id, then one is made", async () => {
    const { body } = await batch({ batch: [good({ messageId: undefined, userId: "anew" })] });
    expect(body.accepted).toBe(1);
    const event = (await platform.accepted()).find((one) => one.userId === "anew")!;
    expect(event.messageId).toMatch(/^msg_/);
  });
});

describe("given a source that must not send", () => {
  test("when it is disabled or its key revoked, then its next request is refused", async () => {
    const own = await platform.createSource("gone");
    const send = () => post(`${platform.url}/v1/batch`, { batch: [good()] }, { key: own });
    expect((await send()).status).toBe(200);
    await platform.ask(
      "events",
      'mutation { disableSource(input: { name: "gone" }) { problems { code } } }',
    );
    const answer = await send();
    expect(answer.status).toBe(401);
    expect(answer.body.message).toMatch(/disabled/);
    await platform.ask(
      "events",
      'mutation { enableSource(input: { name: "gone" }) { problems { code } } }',
    );
    expect((await send()).status).toBe(200);
  });
});
