import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { nextPauseMs, retryAfterMs } from "../../subgraphs/activation/domain/retry-schedule.ts";
import { judge } from "../../subgraphs/activation/domain/send-result.ts";
import { webhookKind } from "../../subgraphs/activation/service/destinations/webhook-kind.ts";
import { AddressGuard } from "../../subgraphs/activation/service/outbound/address-guard.ts";
import {
  newSigningSecret,
  signingKey,
  signWebhook,
} from "../../subgraphs/activation/service/outbound/webhook-signature.ts";
import { SecretBox } from "../../subgraphs/activation/store/secret-box.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

describe("given a signature", () => {
  test("then it is the one of the published vector", () => {
    const vectors = JSON.parse(
      readFileSync(new URL("vectors/standard-webhooks.json", import.meta.url), "utf8"),
    ) as {
      sign: { secret: string; id: string; timestamp: number; body: string; signature: string }[];
    };
    for (const { secret, signature, ...message } of vectors.sign) {
      expect(signWebhook([signingKey(secret)], message)).toBe(signature);
    }
  });

  test("when two secrets sign, then the reference library accepts each", () => {
    const secrets = [newSigningSecret(), newSigningSecret()];
    const timestamp = Math.floor(Date.now() / 1_000);
    const message = { id: "delivery_1", timestamp, body: '{"type":"audience.entered"}' };
    const headers = {
      "webhook-id": message.id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signWebhook(secrets.map(signingKey), message),
    };
    for (const secret of secrets) {
      expect(() => new Webhook(secret).verify(message.body, headers)).not.toThrow();
      expect(() => new Webhook(secret).verify(`${message.body} `, headers)).toThrow();
    }
  });
});

describe("given the guard of outbound addresses", () => {
  const guard = new AddressGuard(["10.1.0.0/16", "fd12::/16"]);
  test.each([
    ["8.8.8.8", true],
    ["2606:4700:4700::1111", true],
    ["10.1.2.3", true],
    ["fd12::1", true],
    ["::ffff:10.1.2.3", true],
    ["10.2.0.1", false],
    ["127.0.0.1", false],
    ["0.0.0.0", false],
    ["169.254.169.254", false],
    ["168.63.129.16", false],
    ["192.168.0.1", false],
    ["172.16.0.1", false],
    ["100.64.0.1", false],
    ["224.0.0.1", false],
    ["255.255.255.255", false],
    ["192.0.2.1", false],
    ["::1", false],
    ["::", false],
    ["::ffff:127.0.0.1", false],
    ["::127.0.0.1", false],
    ["4000::1", false],
    ["::ffff:169.254.169.254", false],
    ["64:ff9b::7f00:1", false],
    ["2002:7f00:1::", false],
    ["fe80::1", false],
    ["fc00::1", false],
    ["ff02::1", false],
    ["not an address", false],
  ])("%s: %s", (address, permitted) => {
    expect(guard.permits(address)).toBe(permitted);
  });

  test("when a name leads to private addresses only, then it is refused; else a public one is pinned", async () => {
    const names: Record<string, string[]> = {
      "inside.example": ["192.168.1.1", "::1"],
      "both.example": ["127.0.0.1", "93.184.216.34"],
    };
    const named = new AddressGuard([], async (host) => names[host]!);
    await expect(named.pin("inside.example")).rejects.toThrow("not public");
    await expect(named.pin("both.example")).resolves.toBe("93.184.216.34");
    await expect(named.pin("[::1]")).rejects.toThrow("not public");
  });

  test("when a destination has a forbidden address, then it is refused by name and when connecting", async () => {
    const strict = webhookKind(new AddressGuard([]));
    for (const url of [
      "http://127.0.0.1/",
      "http://2130706433/",
      "http://[::ffff:7f00:1]/",
      "http://0x7f.1/",
    ]) {
      expect(strict.problems({ url })).toMatchObject([{ code: "ADDRESS_NOT_ALLOWED" }]);
    }
    const loopback = webhookKind(new AddressGuard([], async () => ["127.0.0.1"]));
    const channel = loopback.open({ url: "http://public.example:9/" });
    const sent = await channel.send(
      { id: "delivery_1", body: "{}" },
      [newSigningSecret()],
      new Date(),
    );
    await channel.close();
    expect(sent).toMatchObject({ kind: "BLOCKED" });
  });
});

describe("given the settings of a webhook", () => {
  const kind = webhookKind(new AddressGuard(["127.0.0.0/8"]));
  test.each([
    [{ url: "ftp://example.com" }, ["INVALID_URL"]],
    [{}, ["INVALID_URL"]],
    [{ url: "https://user:secret@example.com" }, ["INVALID_URL"]],
    [{ url: "https://example.com", timeoutMs: 5 }, ["OUT_OF_BOUNDS"]],
    [{ url: "https://example.com", concurrency: 1.5 }, ["OUT_OF_BOUNDS"]],
    [{ url: "https://example.com", color: "red" }, ["UNKNOWN_SETTING"]],
    [{ url: "https://example.com", headers: { "webhook-id": "x" } }, ["INVALID_HEADER"]],
    [{ url: "https://example.com", headers: { a: "b\r\nc: d" } }, ["INVALID_HEADER"]],
    [{ url: "https://example.com", headers: { authorization: "Bearer x" }, timeoutMs: 500 }, []],
  ])("%j: %j", (settings, codes) => {
    expect(kind.problems(settings).map((one) => one.code)).toEqual(codes);
  });

  test("then the values of headers are not shown again", () => {
    const settings = { url: "https://example.com", headers: { authorization: "Bearer x" } };
    expect(JSON.stringify(kind.visible(settings))).not.toContain("Bearer");
  });
});

describe("given an endpoint", () => {
  test("when it redirects, then the redirect is not followed", async () => {
    const hook = await WebhookReceiver.start();
    hook.answer = (_, response) => {
      response.writeHead(302, { location: hook.url }).end();
      return null;
    };
    const channel = webhookKind(new AddressGuard(["127.0.0.0/8"])).open({ url: hook.url });
    const body = '{"type":"x","timestamp":"","data":{"person":{"id":"p"}}}';
    const sent = await channel.send({ id: "delivery_1", body }, [newSigningSecret()], new Date());
    await channel.close();
    await hook.stop();
    expect(sent).toMatchObject({ kind: "ANSWERED", httpStatus: 302 });
    expect(hook.received).toHaveLength(1);
    expect(judge(sent)).toMatchObject({ next: "GIVE_UP" });
  });

  test.each([
    [200, "DONE", true],
    [204, "DONE", true],
    [400, "GIVE_UP", true],
    [404, "GIVE_UP", true],
    [408, "RETRY", true],
    [410, "GIVE_UP", true],
    [425, "RETRY", true],
    [429, "RETRY", true],
    [500, "RETRY", true],
    [502, "RETRY", false],
    [504, "RETRY", false],
  ])("when it answers %i, then: %s, certain %s", (httpStatus, next, certain) => {
    const verdict = judge({ kind: "ANSWERED", httpStatus, retryAfterMs: null });
    expect(verdict).toMatchObject({ next, certain, disablesDestination: httpStatus === 410 });
  });
});

describe("given the schedule of retries", () => {
  const schedule = { pausesMs: [1_000, 5_000], retryAfterMsMax: 60_000 };
  test("then pauses vary by a fifth, end in giving up, and heed Retry-After within bounds", () => {
    expect(nextPauseMs(schedule, 1, null, 0)).toBe(800);
    expect(nextPauseMs(schedule, 2, null, 0.999_999)).toBe(6_000);
    expect(nextPauseMs(schedule, 3, null, 0.5)).toBeNull();
    expect(nextPauseMs(schedule, 1, 30_000, 0.5)).toBe(30_000);
    expect(nextPauseMs(schedule, 1, 9_999_999, 0.5)).toBe(60_000);
  });

  test.each([
    ["120", 120_000],
    ["99999999999", 99_999_999_999_000],
    ["9".repeat(40), 1e43],
    ["Thu, 01 Jan 2026 00:00:10 GMT", 10_000],
    ["soon", null],
    [null, null],
  ])("Retry-After %s is %s ms", (header, ms) => {
    expect(retryAfterMs(header, Date.parse("2026-01-01T00:00:00Z"))).toBe(ms);
  });
});

test("given a key, then secrets at rest are sealed, and what was stored without it stays readable", () => {
  const open = new SecretBox(null);
  const sealed = new SecretBox("a key of at least thirty-two letters");
  const stored = sealed.seal("whsec_x");
  expect(stored).not.toContain("whsec_x");
  expect(sealed.open(stored)).toBe("whsec_x");
  expect(sealed.open(open.seal("whsec_y"))).toBe("whsec_y");
  expect(() => new SecretBox("another key of thirty-two letters!").open(stored)).toThrow("opened");
});
