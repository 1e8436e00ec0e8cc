import {
  type ConsentCause,
  type ConsentVerdict,
  type DeliveryCause,
  type DeliveryStatus,
  type MessageKind,
  noCause,
} from "./delivery.ts";
import {
  type OpenMessage,
  openMessage,
  tellingStep,
  type Told,
  wantedFor,
} from "./membership-telling.ts";
import { profileTable } from "./profile-telling.ts";
import type { SyncState } from "./sync.ts";

/** A change that a message will tell, or that waits behind the open message. */
export interface Afterwards {
  /** ISO 8601. */
  occurredAt: string;
  cause: DeliveryCause;
}

export interface Membership {
  version: number;
  enteredAt: Date;
  cause: DeliveryCause;
}

/** What one sync has told about one person, with all that a decision about it needs. */
export interface Telling {
  sync: string;
  personId: string;
  told: boolean;
  /** Consent refused since the person was told in. */
  refused: boolean;
  openId: string | null;
  openStatus: DeliveryStatus | null;
  /** Whether an attempt of the open message may have reached the endpoint. */
  openTouched: boolean;
  again: Afterwards | null;
  destination: string;
  /** Null: a sync of profile changes. */
  audience: string | null;
  syncState: SyncState;
  /** The membership now; null when the person is not in the audience. */
  member: Membership | null;
  /** The survivor when the person was merged away. */
  survivor: string | null;
}

/** What has happened, if anything, that a plan has to tell or to know. */
export interface TellingNews {
  /** The change that was announced. */
  note?: Afterwards | undefined;
  /** What consent answered when it was asked anew, and why it was asked. */
  consent?: { allowed: boolean; verdict: ConsentVerdict; cause?: ConsentCause | null } | undefined;
  /** A backfill: entries are told with the instant at which they happened. */
  backfill?: boolean | undefined;
}

export interface OpenPlan extends Afterwards {
  kind: MessageKind;
  decision: ConsentVerdict | null;
  /**
   * It follows an entry that may or may not have arrived, and so must itself arrive before anything
   * else is told: from the beginning it counts as one that may have been seen.
   */
  mustArrive: boolean;
}

/** What to do about one telling; at most one of `open`, `requeue` and `coalesce`. */
export interface TellingPlan {
  told: boolean;
  refused: boolean;
  keepsOpen: boolean;
  again: Afterwards | null;
  open: OpenPlan | null;
  supersede: boolean;
  requeue: boolean;
  coalesce: Afterwards | null;
}

/** Decides, from what was told and what is so, the one next step of a telling. Pure. */
export function planTelling(telling: Telling, news: TellingNews, now: Date): TellingPlan {
  const open = openMessage(telling.openStatus, telling.openTouched);
  const rest: TellingPlan = {
    told: telling.told,
    refused: telling.refused,
    keepsOpen: telling.openId !== null && open !== "NONE",
    again: telling.again,
    open: null,
    supersede: false,
    requeue: false,
    coalesce: null,
  };
  // Whatever happens: who ends the sync settles what it left open.
  if (telling.syncState === "DELETED") return rest;
  if (telling.audience === null) return planProfile(telling, open, rest, news);
  return planMembership(telling, open, rest, news, now);
}

function planMembership(
  telling: Telling,
  open: OpenMessage,
  rest: TellingPlan,
  news: TellingNews,
  now: Date,
): TellingPlan {
  const told: Told = telling.told ? "IN" : "OUT";
  const denied = news.consent !== undefined && !news.consent.allowed;
  /** Consent refuses what an attempt may already have told. */
  const barred = denied && told === "OUT" && open === "UNCERTAIN";
  const refused = news.consent && told === "IN" ? denied : telling.refused || barred;
  const member = telling.survivor === null ? telling.member : null;
  const wanted = barred ? "OUT" : wantedFor(told, member !== null, refused);
  const base = { ...rest, refused };
  const exited = { ...exitNews(telling, news, now), kind: "EXITED" as const, mustArrive: false };
  switch (tellingStep(told, wanted, open)) {
    case "REST":
      if (open === "WITHHELD" && news.consent?.allowed) return { ...base, requeue: true };
      return open === "SENDING" && news.note ? { ...base, again: news.note } : base;
    case "OPEN":
      if (told === "IN") return { ...base, again: null, open: exited };
      return { ...base, again: null, open: entry(member!, news, now) };
    case "CANCEL":
      return { ...base, keepsOpen: false, again: null, supersede: true };
    case "COMPENSATE":
      return {
        ...base,
        told: true,
        again: null,
        keepsOpen: false,
        supersede: true,
        open: { ...exited, mustArrive: true },
      };
    case "FORGET":
      return { ...base, keepsOpen: false };
    case "REVIVE":
      return { ...base, requeue: true };
  }
}

function entry(member: Membership, news: TellingNews, now: Date): OpenPlan {
  const atEntry = news.backfill ? member.enteredAt : now;
  const occurredAt = news.note?.occurredAt ?? atEntry.toISOString();
  return { kind: "ENTERED", occurredAt, cause: member.cause, decision: null, mustArrive: false };
}

function exitNews(
  telling: Telling,
  news: TellingNews,
  now: Date,
): Omit<OpenPlan, "kind" | "mustArrive"> {
  const decision = news.consent && !news.consent.allowed ? news.consent.verdict : null;
  const version = telling.member?.version ?? null;
  const left = news.note ?? telling.again;
  if (left) {
    const audienceVersion = left.cause.audienceVersion ?? version;
    return { ...left, cause: { ...left.cause, audienceVersion }, decision };
  }
  const cause = { ...refusalCause(telling, news), audienceVersion: version };
  return { occurredAt: now.toISOString(), cause, decision };
}

/** What consent names; the identity behind it is that of the membership when it names no other. */
function refusalCause({ member }: Telling, { consent }: TellingNews): DeliveryCause {
  const { messageId = null, eventName = null, identityChangeId = null } = consent?.cause ?? {};
  const said = { ...noCause, messageId, eventName };
  if (identityChangeId !== null) return { ...said, identityChangeId };
  return {
    ...said,
    identityChangeId: member?.cause.identityChangeId ?? null,
    identityChangeKind: member?.cause.identityChangeKind ?? null,
  };
}

function planProfile(
  telling: Telling,
  open: OpenMessage,
  rest: TellingPlan,
  news: TellingNews,
): TellingPlan {
  if (telling.survivor !== null) {
    // The survivor's own changes tell what is so; there is nothing to repeat under the old id.
    const isWaiting = open === "WAITING" || open === "WITHHELD" || open === "UNCERTAIN";
    return isWaiting ? { ...rest, keepsOpen: false, again: null, supersede: true } : rest;
  }
  if (!news.note) {
    if (open === "WITHHELD" && news.consent?.allowed) return { ...rest, requeue: true };
    const settled = profileTable[open] === "OPEN";
    return settled && telling.again ? openProfile(rest, telling.again) : rest;
  }
  const { note } = news;
  switch (profileTable[open]) {
    case "OPEN":
      return openProfile(rest, note);
    case "COALESCE":
      return { ...rest, coalesce: note };
    case "AGAIN":
      return { ...rest, again: note };
  }
}

function openProfile(rest: TellingPlan, note: Afterwards): TellingPlan {
  return {
    ...rest,
    again: null,
    open: { ...note, kind: "PROFILE", decision: null, mustArrive: false },
  };
}
