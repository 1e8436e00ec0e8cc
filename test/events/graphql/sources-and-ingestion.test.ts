import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type EventsPlatform, post, startEventsPlatform, startMsMax } from "../events-platform.ts";

let platform: EventsPlatform;
beforeAll(async () => {
  platform = await startEventsPlatform();
  await platform.createSource("web");
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

describe("given requests that cannot be met", () => {
  test("when the source is unknown or disabled, then it is a problem", async () => {
    const { data } = await platform.ask<{ ingestEvents: Problems }>(
      "events",
      `mutation { ingestEvents(input: { source: "nope", events: [] }) { problems { code path } } }`,
    );
    expect(data!.ingestEvents.problems).toMatchObject([
      { code: "UNKNOWN_SOURCE", path: ["source"] },
    ]);
  });

  test("when one of the events is bad, then the others are taken", async () => {
    const result = await ingest([track("fine", {}), { type: "TRACK", event: "x" }]);
    expect(result).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, problems: [{ code: "NOBODY_NAMED" }] }],
    });
  });

  test("when a source's name is taken or not usable, then it is a problem", async () => {
    const create = (name: string) =>
      ask<{ createSource: Problems }>(
        `mutation ($input: CreateSourceInput!) { createSource(input: $input) {
           source { name } writeKey problems { code path } } }`,
        { input: { name, title: "T", kind: "CRM" } },
      );
    expect((await create("web")).createSource.problems).toMatchObject([{ code: "NAME_TAKEN" }]);
    expect((await create("A b")).createSource.problems).toMatchObject([{ code: "INVALID_NAME" }]);
  });

  test("when the scope is missing, then it is refused", async () => {
    const { errors } = await platform.ask("events", "{ sources { nodes { name } } }", {}, []);
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining("events:read") });
  });

  test("when the key is rotated, then the old one stops and the new one works", async () => {
    const old = await platform.createSource("rotating");
    const { rotateWriteKey } = await ask<{ rotateWriteKey: { writeKey: string } }>(
      `mutation { rotateWriteKey(input: { source: "rotating", revokeOthers: true }) {
         writeKey problems { code } } }`,
    );
    const send = (writeKey: string) =>
      post(`${platform.url}/v1/t`, JSON.stringify({ writeKey, event: "x", anonymousId: "a" }), {
        headers: { "content-type": "text/plain" },
      });
    expect((await send(old)).status).toBe(401);
    expect((await send(rotateWriteKey.writeKey)).status).toBe(200);
  });
});
