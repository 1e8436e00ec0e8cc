import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Follower } from "./follower.ts";
import { operation } from "./operation.ts";
import { eventually, type RunningLayout, startLayout } from "./running-layout.ts";

let layout: RunningLayout;

beforeAll(async () => {
  layout = await startLayout({}, { isGroup: true });
}, 120_000);
afterAll(() => layout?.remove(), 60_000);

const isOpen = async () => {
  const metrics = await (await fetch(`${layout.url}/metrics`)).text();
  return /^selfsame_gateway_subscriptions 1$/m.test(metrics);
};

test("given a terminal, when Ctrl-C is pressed there, then all ends in order, and subscribers are told", async () => {
  const follower = new Follower(layout, operation("ProfileChanged"), { after: "0" });
  await eventually(isOpen, Boolean);
  const ended = new Promise((resolve) => layout.process.once("exit", resolve));
  // A terminal signals every process of the group; what runs us there may do so once more.
  process.kill(-layout.process.pid!, "SIGINT");
  process.kill(layout.process.pid!, "SIGINT");
  expect(await ended).toBe(0);
  expect(layout.output()).not.toMatch(/starting it again|could not/);
  await eventually(async () => follower.ending, Boolean);
  expect(follower.ending).toMatchObject({
    closeCode: null,
    errors: [{ extensions: { code: "SUBSCRIPTION_INTERRUPTED", retryable: true } }],
  });
  await follower.close();
}, 60_000);

test("given it ended in order, when it starts again, then it is ready, with all that was there", async () => {
  await layout.restart();
  expect((await fetch(`${layout.url}/ready`)).status).toBe(200);
}, 120_000);
