import { createHmac, randomBytes } from "node:crypto";

const prefix = "whsec_";
const secretBytes = 32;

/** A fresh secret as Standard Webhooks writes it. */
export function newSigningSecret(): string {
  return prefix + randomBytes(secretBytes).toString("base64");
}

/**
 * The `webhook-signature` of a message: one `v1` signature per secret, HMAC-SHA256 over
 * `id.timestamp.body`; `timestamp` in seconds.
 */
export function signWebhook(
  secrets: readonly string[],
  message: { id: string; timestamp: number; body: string },
): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(
        secret.startsWith(prefix) ? secret.slice(prefix.length) : secret,
        "base64",
      );
      const signed = `${message.id}.${message.timestamp}.${message.body}`;
      return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
    })
    .join(" ");
}
