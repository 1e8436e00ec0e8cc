import type { ConsentChange } from "../../../kernel/announcements/consent-change.ts";
import {
  identifierKey,
  type IdentifierRef,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";

/** Appends to stream `consent`; the last statement of its transaction. */
export async function announceConsent(
  streams: Streams,
  transaction: Transaction,
  changes: ConsentChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const entries = changes.map((payload) => ({
    key: payload.identifier ? identifierKey(payload.identifier) : "*",
    kind: "CONSENT",
    payload,
  }));
  await streams.append(transaction, "consent", entries);
}

/** The identifier behind a key; its namespace holds no colon, its value may. */
export function identifierOfKey(key: string): IdentifierRef {
  const colon = key.indexOf(":");
  return { namespace: key.slice(0, colon), value: key.slice(colon + 1) };
}
