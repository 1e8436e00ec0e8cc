import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Analytics } from "@segment/analytics-node";
import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import { type EventsPlatform, startEventsPlatform, startMsMax } from "../events-platform.ts";

interface RudderClient {
  track(message: object): RudderClient;
  identify(message: object): RudderClient;
  flush(): Promise<void>;
}
type RudderConstructor = new (key: string, options: object) => RudderClient;

const RudderAnalytics = createRequire(import.meta.url)(
  "@rudderstack/rudder-sdk-node",
) as RudderConstructor;

let platform: EventsPlatform;
beforeAll(async () => {
  platform = await startEventsPlatform();
}, startMsMax);
afterAll(() => platform?.close());

async function acceptedOf(source: string): Promise<AcceptedEvent[]> {
  return (await platform.accepted()).filter((event) => event.source === source);
}

describe("given an unmodified SDK that is pointed at us", () => {
  test("when analytics-node makes its six calls, then all are accepted in our shape", async () => {
    const writeKey = await platform.createSource("segment-node");
    const analytics = new Analytics({ writeKey, host: platform.url, flushAt: 10 });
    analytics.identify({ userId: "u-1", anonymousId: "a-1", traits: { email: "ana@example.com" } });
    analytics.track({ anonymousId: "a-1", event: "cart_updated", properties: { items: 2 } });
    analytics.page({ anonymousId: "a-1", category: "shop", name: "cart" });
    analytics.screen({ anonymousId: "a-1", name: "home" });
    analytics.group({ userId: "u-1", groupId: "g-1", traits: { name: "Club" } });
    analytics.alias({ userId: "u-1", previousId: "old-1" });
    await analytics.closeAndFlush();
    const events = await acceptedOf("segment-node");
    expect(events.map((event) => [event.type, event.name])).toEqual([
      ["IDENTIFY", null],
      ["TRACK", "cart_updated"],
      ["PAGE", "cart"],
      ["SCREEN", "home"],
      ["GROUP", null],
      ["ALIAS", null],
    ]);
    expect(events[0]!.identifiers).toEqual([
      { namespace: "user_id", value: "u-1" },
      { namespace: "anonymous_id", value: "a-1" },
      { namespace: "email", value: "ana@example.com" },
    ]);
    expect(events[2]!.properties).toMatchObject({ category: "shop" });
    expect(events[4]).toMatchObject({ groupId: "g-1", traits: { name: "Club" } });
  });

  test("when the RudderStack SDK sends gzip, then times are those of its events", async () => {
    const key = await platform.createSource("rudder-node");
    const client = new RudderAnalytics(key, { dataPlaneUrl: platform.url, flushAt: 20 });
    const longAgo = new Date("2026-01-01T10:00:00.000Z");
    client.identify({ userId: "u-2", traits: { phone: "+49 30 901820" } });
    client.track({ userId: "u-2", event: "order_completed", timestamp: longAgo });
    await client.flush();
    await client.flush();
    const events = await acceptedOf("rudder-node");
    expect(events.map((event) => event.type).sort()).toEqual(["IDENTIFY", "TRACK"]);
    const identify = events.find((event) => event.type === "IDENTIFY")!;
    expect(identify.identifiers).toContainEqual({ namespace: "phone", value: "+49 30 901820" });
    const track = events.find((event) => event.type === "TRACK")!;
    expect(track.occurredAt).toBe(longAgo.toISOString());
  });

  test("when the key is wrong, then the SDK hears it and gives up", async () => {
    const analytics = new Analytics({ writeKey: "wrong", host: platform.url, flushAt: 1 });
    const failure = new Promise<{ reason?: unknown }>((resolve) => analytics.on("error", resolve));
    analytics.track({ userId: "u-1", event: "x" });
    expect(String((await failure).reason)).toContain("401");
    await analytics.closeAndFlush({ timeout: 100 });
  });
});
