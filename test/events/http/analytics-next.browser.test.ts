import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import { launchChromium } from "../../kernel/launch-chromium.ts";
import { type EventsPlatform, startEventsPlatform, startMsMax } from "../events-platform.ts";

let platform: EventsPlatform;
let site: Server;
let siteUrl: string;
let browser: Browser;

/** A page on another origin, with the SDK's own browser bundle. */
async function startSite(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve("@segment/analytics-next/package.json");
  const folder = join(dirname(manifest), "dist/umd");
  site = createServer((request, response) => {
    const name = (request.url ?? "/").split("?")[0]!.slice(1);
    if (/^[\w.-]+\.js$/.test(name) && existsSync(join(folder, name))) {
      response.writeHead(200, { "content-type": "text/javascript" });
      return void response.end(readFileSync(join(folder, name)));
    }
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Shop</title><script src=/index.js></script>");
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
}

describe("given analytics-next, unmodified, in a browser on another origin", () => {
  beforeAll(async () => {
    platform = await startEventsPlatform();
    await startSite();
    browser = await launchChromium();
  }, startMsMax);
  afterAll(async () => {
    await browser.close();
    site.close();
    await platform.close();
  });

  test.each([
    ["one by one", {}],
    ["in batches", { deliveryStrategy: { strategy: "batching", config: { size: 3 } } }],
  ])(
    "when it is loaded with our address as its CDN and sends %s, then all is accepted",
    async (name, settings) => {
      const source = name.replaceAll(" ", "-");
      const writeKey = await platform.createSource(source);
      const page = await browser.newPage();
      await page.goto(siteUrl);
      await page.evaluate(sendFrom, { writeKey, cdnURL: platform.url, settings });
      const events = await until(source, 3);
      expect(events.map((event) => event.type).sort()).toEqual(["IDENTIFY", "PAGE", "TRACK"]);
      const anonymousIds = new Set(events.map((event) => event.anonymousId));
      expect(anonymousIds.size).toBe(1);
      const identify = events.find((event) => event.type === "IDENTIFY")!;
      expect(identify).toMatchObject({ userId: "u-1", traits: { email: "ana@example.com" } });
      await page.close();
    },
    30_000,
  );

  async function until(source: string, count: number): Promise<AcceptedEvent[]> {
    for (;;) {
      const events = (await platform.accepted()).filter((event) => event.source === source);
      if (events.length >= count) return events;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});

interface BrowserSdk {
  AnalyticsBrowser: {
    load(
      settings: object,
      options: object,
    ): {
      page(): Promise<unknown>;
      identify(id: string, traits: object): Promise<unknown>;
      track(event: string, properties: object): Promise<unknown>;
    };
  };
}

async function sendFrom(options: { writeKey: string; cdnURL: string; settings: object }) {
  const sdk = (globalThis as unknown as { AnalyticsNext: BrowserSdk }).AnalyticsNext;
  const { writeKey, cdnURL, settings } = options;
  const analytics = sdk.AnalyticsBrowser.load(
    { writeKey, cdnURL },
    { integrations: { "Segment.io": settings } },
  );
  await analytics.page();
  await analytics.identify("u-1", { email: "ana@example.com" });
  await analytics.track("cart_updated", { items: 2 });
}
