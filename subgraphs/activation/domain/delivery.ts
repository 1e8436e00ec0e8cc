import {
  type ChangeCause,
  identifierKey,
  type IdentifierRef,
} from "../../../kernel/announcements/identity-announcements.ts";

/** What a message says. The wire name of each stands in `webhook-message.ts`. */
export const messageKinds = ["ENTERED", "EXITED", "PROFILE"] as const;
export type MessageKind = (typeof messageKinds)[number];

/**
 * PENDING: will be sent as soon as its lane allows. SENDING: an attempt is under way. RETRYING: an
 * attempt failed, another is due. WITHHELD: consent refuses, nothing was sent; decided anew when
 * consent changes. DELIVERED: the endpoint accepted it. DEAD: given up, waits for a replay by hand.
 * SUPERSEDED: no longer true or no longer allowed before it could be delivered. CANCELLED: its sync
 * was deleted before it could be delivered.
 */
export const deliveryStatuses = [
  "PENDING",
  "SENDING",
  "RETRYING",
  "WITHHELD",
  "DELIVERED",
  "DEAD",
  "SUPERSEDED",
  "CANCELLED",
] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** One try to deliver; `number` counts over the whole life of the delivery, replays included. */
export interface Attempt {
  number: number;
  /** ISO 8601. */
  startedAt: string;
  durationMs: number;
  outcome: AttemptOutcome;
  httpStatus: number | null;
  /** Constant text, never personal data. */
  message: string | null;
}

export const attemptOutcomes = ["DELIVERED", "REFUSED", "FAILED", "TIMED_OUT", "BLOCKED"] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** A delivery remembers at most so many attempts, the latest. */
export const attemptsKeptMax = 50;

/** What made us speak: the change of an audience or of a profile, with its own cause. */
export interface DeliveryCause extends ChangeCause {
  identityChangeId: string | null;
  identityChangeKind: string | null;
  audienceVersion: number | null;
  /** Traits that changed (profile messages only). */
  changedTraits: string[];
}

/** What consent said when it was asked for this delivery. */
export interface ConsentVerdict {
  outcome: string;
  reasons: { code: string; message: string | null }[];
  /** Suppressed addresses that were left out of the message; missing: none. */
  leaveOut?: IdentifierRef[];
  /** Addresses that went out with an entry, with all of its attempts; missing: not noted. */
  sent?: IdentifierRef[];
}

/**
 * Whether it leaves out what went out with the entry before. Where that was not noted, every
 * address counts as sent that was not left out then.
 */
export function leavesOutSent(now: ConsentVerdict, entry: ConsentVerdict | null): boolean {
  const left = (now.leaveOut ?? []).map(identifierKey);
  if (left.length === 0) return false;
  const sent = entry?.sent && new Set(entry.sent.map(identifierKey));
  if (sent) return left.some((address) => sent.has(address));
  const known = new Set(entry?.leaveOut?.map(identifierKey));
  return left.some((address) => !known.has(address));
}

/** What made consent change: an event, or identifiers that changed hands; null: something else. */
export interface ConsentCause {
  messageId: string | null;
  eventName: string | null;
  identityChangeId: string | null;
}

/** Why a due delivery was not tried: shown until its next attempt. */
export type HeldBecause = "CONSENT_UNREACHABLE" | "IDENTITY_UNREACHABLE";

export const noCause: DeliveryCause = {
  messageId: null,
  eventName: null,
  rule: null,
  decision: null,
  identityChangeId: null,
  identityChangeKind: null,
  audienceVersion: null,
  changedTraits: [],
};
