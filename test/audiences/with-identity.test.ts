import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { audiencesModule } from "../../subgraphs/audiences/module.ts";
import { eventsModule } from "../../subgraphs/events/module.ts";
import { identityModule } from "../../subgraphs/identity/module.ts";
import { FakeClock, startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";
import { startAt } from "./audience-world.ts";

describe("audiences behind the real events and identity subgraphs", () => {
  let platform: TestPlatform;
  let serial = 0;
  const clock = new FakeClock(startAt);

  async function ask<T>(subgraph: string, document: string, variables = {}): Promise<T> {
    const { data, errors } = await platform.ask<T>(subgraph, document, variables);
    if (errors) throw new Error(errors.map((error) => error.message).join("; "));
    return JSON.parse(JSON.stringify(data)) as T;
  }

  async function send(...events: Record<string, unknown>[]): Promise<void> {
    const input = {
      source: "web",
      events: events.map((event) => {
        serial += 1;
        return { messageId: `m-${serial}`, timestamp: clock.now().toISOString(), ...event };
      }),
    };
    await ask(
      "events",
      "mutation($input: IngestEventsInput!) { ingestEvents(input: $input) { accepted } }",
      { input },
    );
    await platform.settle();
  }

  async function members(name: string): Promise<string[]> {
    const { audience } = await ask<{
      audience: { memberCount: number; members: { nodes: { person: { id: string } }[] } };
    }>(
      "audiences",
      `query($name: String!) { audience(name: $name) { memberCount
        members(first: 500) { nodes { person { id } } } } }`,
      { name },
    );
    const listed = audience.members.nodes.map((node) => node.person.id);
    expect(audience.memberCount).toBe(listed.length);
    return listed;
  }

  async function define(name: string, rule: unknown): Promise<void> {
    const input = { name, title: name, owner: "tests", rule };
    const { createAudience } = await ask<{ createAudience: { problems: unknown[] } }>(
      "audiences",
      "mutation($input: CreateAudienceInput!) { createAudience(input: $input) { problems { code } } }",
      { input },
    );
    expect(createAudience.problems).toEqual([]);
    await ask(
      "audiences",
      `mutation($input: ActivateAudienceInput!) { activateAudience(input: $input) {
        problems { code } } }`,
      { input: { name, version: 1 } },
    );
  }

  beforeAll(async () => {
    platform = await startTestPlatform([identityModule, eventsModule, audiencesModule], { clock });
    await ask(
      "events",
      `mutation { createSource(input: { name: "web", title: "Web", kind: WEBSITE }) {
        problems { code message } } }`,
    );
  }, 120_000);
  afterAll(() => platform?.stop());

  test("given an anonymous history, when the visitor becomes known, then it counts, with traits, in an audience made before and one made after", async () => {
    const rule = {
      all: [
        { event: { name: "cart_updated", count: { atLeast: 2 }, within: "P1D" } },
        { trait: { name: "country", is: { equals: "DE" } } },
      ],
    };
    await define("before", rule);
    await send(
      { type: "TRACK", event: "cart_updated", anonymousId: "a-1" },
      { type: "TRACK", event: "cart_updated", anonymousId: "a-1" },
    );
    expect(await members("before")).toEqual([]);
    await send({
      type: "IDENTIFY",
      anonymousId: "a-1",
      userId: "u-1",
      traits: { country: "DE", email: "ana@example.com" },
    });
    const [ana] = await members("before");
    expect(ana).toMatch(/^person_/);
    await define("after", rule);
    expect(await members("after")).toEqual([ana]);
  });

  test("given two visitors, when it turns out that they are one, then their counts are one person's", async () => {
    await define("three-visits", { event: { name: "visit", count: { atLeast: 3 } } });
    await send(
      { type: "TRACK", event: "visit", anonymousId: "b-1", userId: "u-2" },
      { type: "TRACK", event: "visit", anonymousId: "b-2" },
      { type: "TRACK", event: "visit", anonymousId: "b-2" },
    );
    expect(await members("three-visits")).toEqual([]);
    await send({ type: "IDENTIFY", anonymousId: "b-2", userId: "u-2", traits: {} });
    expect(await members("three-visits")).toHaveLength(1);
  });

  test("given a page without a name, when counted with a condition on its path, then it counts", async () => {
    await define("pricing", {
      event: { type: "PAGE", where: [{ property: "path", is: { startsWith: "/pricing" } }] },
    });
    await send({ type: "PAGE", userId: "u-3", properties: { path: "/pricing/teams" } });
    expect(await members("pricing")).toHaveLength(1);
  });
});
