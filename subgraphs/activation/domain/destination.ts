/**
 * ACTIVE sends. PAUSED by hand: messages wait. DISABLED by us (the endpoint is gone): messages
 * wait. DELETED: only its name is left, for the lines of the ledger.
 */
export const destinationStates = ["ACTIVE", "PAUSED", "DISABLED", "DELETED"] as const;
export type DestinationState = (typeof destinationStates)[number];

/**
 * Where messages go; `settings` are valid for its kind. Secrets are kept apart (`SigningSecret`).
 */
export interface Destination {
  name: string;
  kind: string;
  settings: Record<string, unknown>;
  state: DestinationState;
  stateReason: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** A secret that signs until `until` (null: the present one). The present one stands first. */
export interface SigningSecret {
  secret: string;
  until: string | null;
}

/** How long the former secret still signs beside the new one after a rotation. */
export const rotationOverlapMs = 24 * 60 * 60 * 1_000;

/** The secrets that sign now: the present one and at most one former one within its overlap. */
export function signingNow(secrets: readonly SigningSecret[], nowMs: number): string[] {
  return secrets
    .filter((entry) => entry.until === null || Date.parse(entry.until) > nowMs)
    .map((entry) => entry.secret);
}

/** The list after a rotation: the new one first, the former present one for its overlap. */
export function rotate(
  secrets: readonly SigningSecret[],
  fresh: string,
  nowMs: number,
): SigningSecret[] {
  const former = secrets.find((entry) => entry.until === null);
  const until = new Date(nowMs + rotationOverlapMs).toISOString();
  return [{ secret: fresh, until: null }, ...(former ? [{ secret: former.secret, until }] : [])];
}
