import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { IdentityChange } from "../../../kernel/announcements/identity-announcements.ts";
import { removeOldEntries } from "../../../kernel/streams/retention.ts";
import { type EventsPlatform, post, startEventsPlatform, startMsMax } from "../events-platform.ts";

let platform: EventsPlatform;
let key: string;
let shopKey: string;

beforeAll(async () => {
  platform = await startEventsPlatform();
  platform.clock.set("2026-03-01T12:00:00.000Z");
  key = await platform.createSource("web");
  shopKey = await platform.createSource("shop");
}, startMsMax);
afterAll(() => platform?.close());

interface Timeline {
  nodes: {
    messageId: string;
    name: string | null;
    occurredAt: string;
    source: { name: string; title: string };
    properties: Record<string, unknown>;
  }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

const document = `
  query ($persons: [_Any!]!, $first: Int, $after: String, $filter: TimelineFilter) {
    _entities(representations: $persons) { ... on Person {
      id
      timeline(first: $first, after: $after, filter: $filter) {
        nodes { messageId type name source { name title } occurredAt receivedAt properties }
        pageInfo { hasNextPage endCursor }
      }
    } }
  }`;

async function timelines(ids: string[], page: object = {}, scopes?: never): Promise<Timeline[]> {
  const persons = ids.map((id) => ({ __typename: "Person", id }));
  const { data, errors } = await platform.ask<{ _entities: { timeline: Timeline }[] }>(
    "events",
    document,
    { persons, ...page },
    scopes,
  );
  if (errors) throw errors[0]!;
  return data!._entities.map((person) => person.timeline);
}

const names = (timeline: Timeline) => timeline.nodes.map((node) => node.name);

const owners = new Map<string, string | null>();
const cursorOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");

/** What identity publishes: who an identifier is, and on which identifier events hang. */
async function resolve(moves: [string, string | null][], redirects: [string, string][] = []) {
  const entries = await platform.streams.read(platform.database, "events", 0, 1_000);
  const change: Partial<IdentityChange> = {
    id: "change",
    moves: moves.map(([value, to]) => {
      const from = owners.get(value) ?? null;
      owners.set(value, to);
      return { namespace: "anonymous_id", value, kind: "PERSON", from, to };
    }),
    redirects: redirects.map(([from, to]) => ({ from, to })),
  };
  const subjects = entries.map((entry) => {
    const { anonymousId } = entry.payload as { anonymousId: string };
    return { position: entry.position, subjectKey: `anonymous_id:${anonymousId}`, personId: null };
  });
  const resolved = { from: subjects[0]!.position, to: subjects.at(-1)!.position, subjects };
  await platform.database.transaction((transaction) =>
    platform.streams.append(transaction, "identity", [
      { key: "p", kind: "CHANGE", payload: change },
      { key: "p", kind: "RESOLVED", payload: resolved },
    ]),
  );
  await platform.settle();
}

async function track(anonymousId: string, event: string, timestamp: string, writeKey = key) {
  const messageId = `${anonymousId}-${event}`;
  const body = { anonymousId, event, timestamp, messageId, properties: { about: event } };
  await post(`${platform.url}/v1/track`, body, { key: writeKey });
}

describe("given events of two persons with several identifiers", () => {
  beforeAll(async () => {
    await track("a1", "first", "2026-02-01T10:00:00Z");
    await track("a2", "third", "2026-02-03T10:00:00Z");
    await track("a1", "second", "2026-02-02T10:00:00Z", shopKey);
    await track("a1", "fourth", "2026-02-03T10:00:00Z");
    await track("b1", "other", "2026-02-02T10:00:00Z");
    await resolve([
      ["a1", "person_a"],
      ["a2", "person_a"],
      ["b1", "person_b"],
    ]);
  });

  test("when timelines are asked for, then each is newest first by event time, then position", async () => {
    const [a, b, nobody] = await timelines(["person_a", "person_b", "person_none"]);
    expect(names(a!)).toEqual(["fourth", "third", "second", "first"]);
    expect(a!.nodes[2]).toMatchObject({
      source: { name: "shop", title: "shop" },
      properties: { about: "second" },
      occurredAt: "2026-02-02T10:00:00.000Z",
    });
    expect(names(b!)).toEqual(["other"]);
    expect(nobody!.nodes).toEqual([]);
  });

  test("when it is read page by page, then nothing is missed or repeated", async () => {
    const [first] = await timelines(["person_a"], { first: 3 });
    expect(names(first!)).toEqual(["fourth", "third", "second"]);
    expect(first!.pageInfo.hasNextPage).toBe(true);
    const after = first!.pageInfo.endCursor;
    const [second] = await timelines(["person_a"], { first: 3, after });
    expect(names(second!)).toEqual(["first"]);
    expect(second!.pageInfo.hasNextPage).toBe(false);
  });

  test.each([
    [{ names: ["first", "third"] }, ["third", "first"]],
    [{ sources: ["shop"] }, ["second"]],
    [{ types: ["PAGE"] }, []],
    [{ from: "2026-02-02T10:00:00Z", until: "2026-02-03T10:00:00Z" }, ["second"]],
    [{ names: ["a\u0000b"] }, []],
  ])("when it is filtered by %j, then only those are shown", async (filter, expected) => {
    const [timeline] = await timelines(["person_a"], { filter });
    expect(names(timeline!)).toEqual(expected);
  });

  test.each([
    "nonsense",
    cursorOf("quarantine", 1, 1),
    cursorOf("timeline", "a", 1),
    cursorOf("timeline", -8.64e15, 1),
    cursorOf("timeline", 8.64e15 + 1, 1),
  ])("when the cursor is %s, none of ours, then it says so", async (after) => {
    await expect(timelines(["person_a"], { after })).rejects.toThrow(/cursor/);
  });

  test("when the caller may not see personal data, then properties are masked", async () => {
    const [timeline] = await timelines(["person_b"], {}, ["profiles:read"] as never);
    expect(timeline!.nodes[0]!.properties.about).not.toBe("other");
  });

  test("when an event is asked for by its message id, then it is found", async () => {
    const { data } = await platform.ask<{ event: { name: string } }>(
      "events",
      '{ event(messageId: "a1-second") { name source { name } identifiers { namespace value } } }',
    );
    expect(data!.event).toMatchObject({
      name: "second",
      source: { name: "shop" },
      identifiers: [{ namespace: "anonymous_id", value: "a1" }],
    });
  });

  test("when persons merge, then both ids show one timeline; when they split, each has its own", async () => {
    await resolve([["b1", "person_a"]], [["person_b", "person_a"]]);
    const merged = await timelines(["person_a", "person_b"]);
    expect(names(merged[0]!)).toEqual(["fourth", "third", "other", "second", "first"]);
    expect(names(merged[1]!)).toEqual(names(merged[0]!));
    await resolve([["b1", "person_b"]], [["person_b", "person_b"]]);
    const split = await timelines(["person_a", "person_b"]);
    expect(split.map(names)).toEqual([["fourth", "third", "second", "first"], ["other"]]);
  });
});

describe("given sources that have sent events", () => {
  test("when their statistics are asked for, then counts and the last event's time are told", async () => {
    await track("c1", "twice", "2026-02-01T10:00:00Z", shopKey);
    await track("c1", "twice", "2026-02-01T10:00:00Z", shopKey);
    await post(`${platform.url}/v1/track`, { event: "nobody" }, { key: shopKey });
    const query = `{ source(name: "shop") { writeKeys { prefix revokedAt }
      statistics { accepted duplicates quarantined rejected lastEventAt } } }`;
    const { data } = await platform.ask<{ source: object }>("events", query);
    expect(data!.source).toMatchObject({
      writeKeys: [{ revokedAt: null }],
      statistics: {
        accepted: 2,
        duplicates: 1,
        quarantined: 0,
        rejected: 1,
        lastEventAt: "2026-03-01T12:00:00.000Z",
      },
    });
  });
});

describe("given events that retention has removed from the log", () => {
  test("when timelines are read, then nothing is left of them", async () => {
    await track("d1", "kept for a while", "2026-02-01T10:00:00Z");
    await resolve([["d1", "person_d"]]);
    expect(names((await timelines(["person_d"]))[0]!)).toEqual(["kept for a while"]);
    await removeOldEntries(platform.database, "events", new Date("2027-01-01T00:00:00Z"));
    const left = () => platform.database.query("select 1 from events.timeline");
    while ((await left()).length > 0) await new Promise(setImmediate);
    const [timeline] = await timelines(["person_d"]);
    expect(timeline).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });
});
