import { registerEnumType } from "type-graphql";

export enum DestinationStateEnum {
  ACTIVE = "ACTIVE",
  PAUSED = "PAUSED",
  DISABLED = "DISABLED",
  DELETED = "DELETED",
}

registerEnumType(DestinationStateEnum, {
  name: "DestinationState",
  description: "Whether a destination is sent to.",
  valuesConfig: {
    ACTIVE: { description: "What is due is sent." },
    PAUSED: { description: "Paused by hand; what is to be sent waits." },
    DISABLED: { description: "Its endpoint answered 410 Gone; what is to be sent waits." },
    DELETED: { description: "Only its name is left, for the lines of the ledger." },
  },
});

export enum SyncStateEnum {
  ACTIVE = "ACTIVE",
  PAUSED = "PAUSED",
  DELETED = "DELETED",
}

registerEnumType(SyncStateEnum, {
  name: "SyncState",
  description: "Whether a sync sends.",
  valuesConfig: {
    ACTIVE: { description: "Changes are sent." },
    PAUSED: {
      description: "Changes are noted and wait; only the latest state is sent on resuming.",
    },
    DELETED: { description: "Nothing is told any more; kept for the lines of the ledger." },
  },
});

export enum DeliveryStatusEnum {
  PENDING = "PENDING",
  SENDING = "SENDING",
  RETRYING = "RETRYING",
  WITHHELD = "WITHHELD",
  DELIVERED = "DELIVERED",
  DEAD = "DEAD",
  SUPERSEDED = "SUPERSEDED",
  CANCELLED = "CANCELLED",
}

registerEnumType(DeliveryStatusEnum, {
  name: "DeliveryStatus",
  description: "Where a delivery stands.",
  valuesConfig: {
    PENDING: { description: "Will be sent as soon as its lane allows." },
    SENDING: { description: "An attempt is under way." },
    RETRYING: { description: "An attempt failed; another is due." },
    WITHHELD: {
      description: "Consent refuses it; nothing was sent. Decided anew when consent changes.",
    },
    DELIVERED: { description: "The endpoint accepted it." },
    DEAD: { description: "Given up: a dead letter. Can be replayed by hand." },
    SUPERSEDED: { description: "No longer so, or no longer allowed, before it was delivered." },
    CANCELLED: { description: "Its sync was deleted before it was delivered." },
  },
});

export enum DeliveryKindEnum {
  ENTERED = "ENTERED",
  EXITED = "EXITED",
  PROFILE = "PROFILE",
}

registerEnumType(DeliveryKindEnum, {
  name: "DeliveryKind",
  description: "What a delivery says.",
  valuesConfig: {
    ENTERED: { description: "The person is in the audience and allowed: `audience.entered`." },
    EXITED: { description: "The person left, or withdrew consent: `audience.exited`." },
    PROFILE: { description: "The profile changed: `profile.changed`." },
  },
});

export enum AttemptOutcomeEnum {
  DELIVERED = "DELIVERED",
  REFUSED = "REFUSED",
  FAILED = "FAILED",
  TIMED_OUT = "TIMED_OUT",
  BLOCKED = "BLOCKED",
}

registerEnumType(AttemptOutcomeEnum, {
  name: "AttemptOutcome",
  description: "What came of an attempt.",
  valuesConfig: {
    DELIVERED: { description: "The endpoint answered 2xx." },
    REFUSED: { description: "The endpoint answered something else." },
    FAILED: { description: "There was no connection, or it broke." },
    TIMED_OUT: { description: "There was no answer in time." },
    BLOCKED: { description: "The address is not one that destinations may reach." },
  },
});

export enum HeldBecauseEnum {
  CONSENT_UNREACHABLE = "CONSENT_UNREACHABLE",
  IDENTITY_UNREACHABLE = "IDENTITY_UNREACHABLE",
}

registerEnumType(HeldBecauseEnum, {
  name: "HeldBecause",
  description: "Why a due delivery is not being tried.",
  valuesConfig: {
    CONSENT_UNREACHABLE: { description: "Consent could not be asked; nothing is sent without it." },
    IDENTITY_UNREACHABLE: { description: "Identity could not be asked for the person." },
  },
});
