import { expect } from "@jest/globals";
import { operation } from "../operation.ts";
import { Follower } from "../follower.ts";
import { eventually } from "../running-layout.ts";
import type { Answer, Row, World } from "./world.ts";

function failed({ status, json }: Answer, expectedStatus: number, code: string) {
  const [error] = json.errors ?? [];
  expect({ status, code: error?.extensions.code }).toEqual({ status: expectedStatus, code });
  expect(error!.message).toMatch(/\w/);
  expect(error!.extensions).toMatchObject({ reference: expect.stringMatching(/^ref_/) });
  expect(typeof error!.extensions.retryable).toBe("boolean");
  return error!;
}

const sources = { query: "{ sources { nodes { name } } }" };
const person = (value: string) =>
  `person(by: {identifier: {namespace: "user_id", value: "${value}"}})`;

async function narrowKey(world: World, scopes: string[]): Promise<string> {
  return (await world.mutate("CreateApiKey", { name: "narrow", scopes })).secret as string;
}

/** What a mutation that names something unknown says: data, never an error. */
async function problemOf(world: World, name: string, input: Record<string, unknown>) {
  const { problems } = await world.mutate(name, input);
  return (problems as { code: string }[])[0]?.code;
}

const headOf = async (world: World, stream: string) =>
  (await world.layout.ask<{ streamHead: string }>(operation("StreamHead"), { stream })).streamHead;

/** The code with which following after a cursor ends; null when it tells what came since. */
async function endOfFollowing(world: World, name: string, after: string): Promise<string | null> {
  const follower = new Follower(world.layout, operation(name), { after });
  await eventually(async () => follower.ending !== null || follower.received.length > 0, Boolean);
  await follower.close();
  return (follower.ending?.errors[0]?.extensions?.["code"] as string | undefined) ?? null;
}

const nested = (depth: number) =>
  `${"deliveries { nodes { person { ".repeat(depth)}id ${"} } } ".repeat(depth)}`;

export const graphqlRows: Record<string, Row> = {
  "no-api-key": async (world) => {
    failed(await world.graphql(sources, null), 401, "UNAUTHENTICATED");
  },
  "unknown-api-key": async (world) => {
    failed(await world.graphql(sources, `sk_${"x".repeat(40)}`), 401, "UNAUTHENTICATED");
  },
  "missing-scope": async (world) => {
    const key = await narrowKey(world, ["events:read"]);
    const answer = await world.graphql({ query: `{ ${person("u-1")} { id } }` }, key);
    const { extensions } = failed(answer, 200, "FORBIDDEN");
    expect(extensions.scope).toBe("profiles:read");
    expect((await world.graphql(sources, key)).json.errors).toBeUndefined();
  },
  "graphql-not-json": async (world) => {
    failed(await world.graphql("{ sources"), 400, "BAD_INPUT");
  },
  "graphql-not-valid": async (world) => {
    failed(await world.graphql({ query: "{ sources {" }), 400, "BAD_INPUT");
    failed(await world.graphql({ query: "{ sauces { nodes { name } } }" }), 400, "BAD_INPUT");
    const variables = { by: "somebody" };
    failed(await world.graphql({ query: operation("PersonId"), variables }), 400, "BAD_INPUT");
  },
  "poisonous-name": async (world) => {
    const by = { id: "person_\u0000" };
    const { json } = await world.graphql({ query: operation("PersonId"), variables: { by } });
    expect(json).toEqual({ data: { person: null } });
    const source = { name: "a\u0000b", title: "\ud800", kind: "CRM" };
    expect(await problemOf(world, "CreateSource", source)).toBe("INVALID_NAME");
  },
  "query-too-deep": async (world) => {
    const query = `{ ${person("u-1")} { ${nested(5)} } }`;
    failed(await world.graphql({ query }), 400, "QUERY_TOO_EXPENSIVE");
  },
  "nested-beyond-any-parser": async (world) => {
    const given = (json: string) =>
      `mutation { ingestEvents(input: { source: "none", events: [{ type: TRACK, properties: ${json} }] }) {
        problems { code } } }`;
    const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    for (const query of [given(lists(46)), `{ persons(filter: ${"[".repeat(20_000)}) }`]) {
      failed(await world.graphql({ query }), 400, "QUERY_TOO_EXPENSIVE");
    }
    const { json } = await world.graphql({ query: given(lists(40)) });
    expect(json.data).toEqual({ ingestEvents: { problems: [{ code: "UNKNOWN_SOURCE" }] } });
    const depth = 50_000;
    const rule = `${'{"not":'.repeat(depth)}{}${"}".repeat(depth)}`;
    const query = JSON.stringify(operation("PreviewAudience"));
    const deep = await world.graphql(`{"query":${query},"variables":{"rule":${rule}}}`);
    failed(deep, 400, "QUERY_TOO_EXPENSIVE");
  },
  "value-of-a-wrong-form": async (world) => {
    for (const instant of ["5", '"yesterday"', '"2026-02-30T00:00:00Z"']) {
      const query = `{ quarantinedEvents(filter: { receivedFrom: ${instant} }) { totalCount } }`;
      const { message } = failed(await world.graphql({ query }), 400, "BAD_INPUT");
      expect(message).toContain(`${instant} cannot be taken`);
      const variables = { filter: { receivedFrom: JSON.parse(instant) } };
      const asked = { query: operation("QuarantinedEvents"), variables };
      const { message: ofVariable } = failed(await world.graphql(asked), 400, "BAD_INPUT");
      expect(ofVariable).toContain("filter.receivedFrom");
    }
    for (const cursor of ["true", "1.5", "{}", '""']) {
      const document = `subscription { profileChanged(after: ${cursor}) { cursor } }`;
      const follower = new Follower(world.layout, document, {});
      const ending = await eventually(async () => follower.ending, Boolean);
      expect(ending!.errors).toMatchObject([{ extensions: { code: "BAD_INPUT" } }]);
    }
  },
  "query-with-many-aliases": async (world) => {
    const fields = Array.from({ length: 101 }, (_, index) => `a${index}: ${person("u")} { id }`);
    failed(await world.graphql({ query: `{ ${fields.join(" ")} }` }), 400, "QUERY_TOO_EXPENSIVE");
  },
  "query-too-expensive": async (world) => {
    const query = `{ persons(first: 500) { nodes { timeline(first: 500) { nodes { name } } } } }`;
    const { extensions } = failed(await world.graphql({ query }), 400, "QUERY_TOO_EXPENSIVE");
    expect(extensions.cost).toBeGreaterThan(extensions.limit as number);
  },
  "page-too-large": async (world) => {
    const query = "{ sources(first: 501) { nodes { name } } }";
    failed(await world.graphql({ query }), 200, "BAD_INPUT");
    const negative = "{ persons(first: -1) { nodes { id } } }";
    failed(await world.graphql({ query: negative }), 200, "BAD_INPUT");
  },
  "bad-cursor": async (world) => {
    for (const list of ["sources", "persons", "deliveries", "identityChanges", "contracts"]) {
      const query = `{ ${list}(after: "nonsense") { pageInfo { endCursor } } }`;
      failed(await world.graphql({ query }), 200, "BAD_CURSOR");
    }
  },
  "cursor-of-another-list": async (world) => {
    const first = await world.graphql({ query: "{ sources { pageInfo { endCursor } } }" });
    const { endCursor } = (first.json.data as never)["sources"]["pageInfo"] as never;
    for (const list of ["persons", "deliveries", "identityChanges", "contracts"]) {
      const query = `{ ${list}(after: "${endCursor}") { pageInfo { endCursor } } }`;
      failed(await world.graphql({ query }), 200, "BAD_CURSOR");
    }
  },
  "bad-stream-cursor": async (world) => {
    await world.send("identify", { userId: "u-cursor" });
    await world.timelineOf("u-cursor", 1);
    const ofAnother = await headOf(world, "IDENTITY");
    for (const after of ["nonsense", "999999999999", ofAnother]) {
      const name = "AudienceMembershipChanged";
      expect(await endOfFollowing(world, name, after)).toBe("BAD_CURSOR");
    }
  },
  "expired-stream-cursor": async (world) => {
    await world.send("identify", { userId: "u-then" });
    await world.timelineOf("u-then", 1);
    const then = await headOf(world, "IDENTITY");
    await world.send("identify", { userId: "u-since" });
    await world.timelineOf("u-since", 1);
    // Kept for seconds: until it is gone, the cursor is as good as any.
    const ended = () => endOfFollowing(world, "IdentityChanged", then);
    await eventually(ended, (code) => code === "CURSOR_EXPIRED", 60_000);
    expect(await endOfFollowing(world, "ProfileChanged", then)).toBe("CURSOR_EXPIRED");
    const now = await headOf(world, "PROFILE");
    await world.send("identify", { userId: "u-later" });
    expect(await endOfFollowing(world, "ProfileChanged", now)).toBeNull();
  },
  "two-members-of-a-one-of": async (world) => {
    const identifier = { namespace: "user_id", value: "u-1" };
    const query = operation("PersonId");
    const both = { by: { id: "person_1", identifier } };
    failed(await world.graphql({ query, variables: both }), 400, "BAD_INPUT");
    failed(await world.graphql({ query, variables: { by: {} } }), 400, "BAD_INPUT");
    const rule = { all: [], event: { name: "seen" } };
    const preview = { query: operation("PreviewAudience"), variables: { rule } };
    failed(await world.graphql(preview), 400, "BAD_INPUT");
  },
  "unknown-name": async (world) => {
    const identifier = { namespace: "email", value: "ana@example.com" };
    const statedAt = "2026-01-01T10:00:00Z";
    const consent = { identifier, purpose: "none", channel: "EMAIL", kind: "GRANT", method: "m" };
    const sync = { name: "s", destination: "none", subject: { audience: "none" } };
    const asked = {
      ingest: await problemOf(world, "IngestEvents", { source: "none", events: [] }),
      activate: await problemOf(world, "ActivateAudience", { name: "none", version: 1 }),
      start: await problemOf(world, "StartExperiment", { name: "none" }),
      consent: await problemOf(world, "RecordConsent", { ...consent, statedAt }),
      sync: await problemOf(world, "CreateSync", {
        ...sync,
        purpose: "none",
        channel: "EMAIL",
        identifiers: ["email"],
        traits: [],
      }),
      revoke: await problemOf(world, "RevokeApiKey", { id: "key_none" }),
      merge: await problemOf(world, "MergePersons", { into: "p_1", from: ["p_2"], reason: "r" }),
      revert: await problemOf(world, "RevertIdentityChange", { change: "none" }),
    };
    expect(asked).toEqual({
      ingest: "UNKNOWN_SOURCE",
      activate: "AUDIENCE_NOT_FOUND",
      start: "UNKNOWN_EXPERIMENT",
      consent: "UNKNOWN_PURPOSE",
      sync: "UNKNOWN_DESTINATION",
      revoke: "NOT_FOUND",
      merge: "PERSON_UNKNOWN",
      revert: "CHANGE_UNKNOWN",
    });
  },
  "private-address": async (world) => {
    const destination = (url: string) => ({ name: "inside", kind: "webhook", settings: { url } });
    for (const host of ["10.0.0.1", "127.0.0.1:9", "[::1]", "169.254.169.254", "0x7f000001"]) {
      const input = destination(`http://${host}/hook`);
      expect(await problemOf(world, "CreateDestination", input)).toBe("ADDRESS_NOT_ALLOWED");
    }
  },
};
