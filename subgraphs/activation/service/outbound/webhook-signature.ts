import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";

const prefix = "whsec_";
const secretBytes = 32;

/** A fresh secret as Standard Webhooks writes it. */
export function newSigningSecret(): string {
  return prefix + randomBytes(secretBytes).toString("base64");
}

/** What signs for a secret; made once, as making it costs as much as signing. */
export function signingKey(secret: string): KeyObject {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  return createSecretKey(text, "base64");
}

/**
 * The `webhook-signature` of a message: one `v1` signature per key, HMAC-SHA256 over
 * `id.timestamp.body`; `timestamp` in seconds.
 */
export function signWebhook(
  keys: readonly KeyObject[],
  message: { id: string; timestamp: number; body: string },
): string {
  const signed = `${message.id}.${message.timestamp}.${message.body}`;
  return keys
    .map((key) => `v1,${createHmac("sha256", key).update(signed).digest("base64")}`)
    .join(" ");
}
