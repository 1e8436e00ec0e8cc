import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { pageRoutes } from "../../gateway/http/page-routes.ts";
import { launchChromium } from "../kernel/launch-chromium.ts";
import { rootKey, startTestGateway, type TestGateway } from "./test-gateway.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".cache/explorer-test");

let gateway: TestGateway;
let browser: Browser;
let page: Page;
const foreign: string[] = [];
const complaints: string[] = [];

describe("the explorer in a browser", () => {
  beforeAll(async () => {
    execFileSync("node", [join(root, "scripts/build-explorer.mjs"), folder]);
    gateway = await startTestGateway({}, pageRoutes(folder));
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on("request", (request) => {
      const { host, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && host !== gateway.address) foreign.push(request.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  async function write(query: string): Promise<void> {
    await page.locator(".graphiql-query-editor .monaco-editor").first().click();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.keyboard.insertText(query);
    // GraphiQL reads the operation's name from the text a moment after the last key.
    await page.waitForTimeout(600);
  }

  test("given a wrong key, when entered, then it says so", async () => {
    await page.goto(`http://${gateway.address}/`);
    expect(page.url()).toBe(`http://${gateway.address}/explorer`);
    await page.getByLabel("API key").fill("wrong");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.getByRole("alert").waitFor({ timeout: 8_000 });
    expect(await page.getByRole("alert").textContent()).toContain("not known");
    complaints.length = 0;
  });

  test("given the key, when a query is run, then the answer is shown", async () => {
    await page.getByLabel("API key").fill(rootKey);
    await page.getByRole("button", { name: "Enter" }).click();
    await page.locator(".graphiql-query-editor .view-line").first().waitFor({ timeout: 20_000 });
    await page.screenshot({ path: join(folder, "welcome.png") });
    await write('{ person(by: { id: "p1" }) { name score } }');
    await page.keyboard.press("Control+Enter");
    await page.locator(".result-window", { hasText: '"Ana"' }).waitFor({ timeout: 8_000 });
    await page.screenshot({ path: join(folder, "query.png") });
  }, 60_000);

  test("given a subscription, when changes come, then they are shown", async () => {
    await write("subscription { profileChanged { cursor person { id score } } }");
    await page.keyboard.press("Control+Enter");
    const ticking = setInterval(() => void gateway.change("live-person"), 200);
    await page.locator(".result-window", { hasText: "live-person" }).waitFor({ timeout: 8_000 });
    clearInterval(ticking);
    await page.screenshot({ path: join(folder, "subscription.png") });
  }, 60_000);

  test("given no other host may be reached, when all of this was done, then nothing was missed", () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
