import type { KeyObject } from "node:crypto";
import { type Agent, errors, request } from "undici";
import { retryAfterMs } from "../../domain/retry-schedule.ts";
import type { SendResult } from "../../domain/send-result.ts";
import { AddressBlocked, type AddressGuard } from "../outbound/address-guard.ts";
import { createOutboundAgent } from "../outbound/outbound-agent.ts";
import { signingKey, signWebhook } from "../outbound/webhook-signature.ts";
import type { Channel, DestinationKind, OutboundMessage } from "./destination-kind.ts";
import {
  readWebhookSettings,
  webhookForm,
  webhookProblems,
  type WebhookSettings,
} from "./webhook-settings.ts";

/** So much of an answer is read, and thrown away, before its connection is given up. */
const answerBytesMax = 65_536;

/** Failures before a request could leave. */
const neverLeft = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Webhooks signed as Standard Webhooks says: the first kind of destination. */
export function webhookKind(guard: AddressGuard): DestinationKind {
  return {
    kind: "webhook",
    title: "Webhook (Standard Webhooks)",
    form: webhookForm,
    problems: (settings) => webhookProblems(settings, guard),
    visible: (settings) => {
      const headers = Object.keys((settings["headers"] ?? {}) as object);
      if (headers.length === 0) return settings;
      return {
        ...settings,
        headers: Object.fromEntries(headers.map((name) => [name, "[secret]"])),
      };
    },
    concurrency: (settings) => readWebhookSettings(settings).concurrency,
    attemptMsMax: (settings) => readWebhookSettings(settings).timeoutMs,
    open: (settings) => new WebhookChannel(readWebhookSettings(settings), guard),
  };
}

class WebhookChannel implements Channel {
  private readonly settings: WebhookSettings;
  private readonly agent: Agent;
  /** A lane is opened anew when its secrets change: these are few. */
  private readonly keys = new Map<string, KeyObject>();

  constructor(settings: WebhookSettings, guard: AddressGuard) {
    this.settings = settings;
    this.agent = createOutboundAgent(guard, settings.concurrency);
  }

  async send(message: OutboundMessage, secrets: readonly string[], now: Date): Promise<SendResult> {
    const timestamp = Math.floor(now.getTime() / 1_000);
    const { timeoutMs } = this.settings;
    try {
      const answer = await request(this.settings.url, {
        method: "POST",
        dispatcher: this.agent,
        headers: {
          "user-agent": "Selfsame-Webhooks/1",
          ...this.settings.headers,
          "content-type": "application/json",
          "webhook-id": message.id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": signWebhook(this.keysOf(secrets), {
            ...message,
            timestamp,
          }),
        },
        body: message.body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const wish = answer.headers["retry-after"];
      answer.body.on("error", () => {});
      await answer.body.dump({ limit: answerBytesMax }).catch(() => {});
      return {
        kind: "ANSWERED",
        httpStatus: answer.statusCode,
        retryAfterMs: retryAfterMs(typeof wish === "string" ? wish : null, now.getTime()),
      };
    } catch (error) {
      return failureOf(error);
    }
  }

  private keysOf(secrets: readonly string[]): KeyObject[] {
    return secrets.map((secret) => {
      const key = this.keys.get(secret) ?? signingKey(secret);
      this.keys.set(secret, key);
      return key;
    });
  }

  async close(): Promise<void> {
    if (!this.agent.destroyed) await this.agent.destroy();
  }
}

function failureOf(error: unknown): SendResult {
  if (error instanceof AddressBlocked) return { kind: "BLOCKED", message: error.message };
  const { code, name } = error as { code?: string; name?: string };
  if (code !== undefined && neverLeft.has(code)) {
    return { kind: "UNREACHABLE", message: `No connection (${code})` };
  }
  const late =
    name === "TimeoutError" ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError;
  if (late) return { kind: "TIMED_OUT" };
  return { kind: "BROKEN", message: `The connection broke (${code ?? name ?? "unknown"})` };
}
