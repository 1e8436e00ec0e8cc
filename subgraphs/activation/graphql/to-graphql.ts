import type { ChannelName } from "../../../kernel/federation/channel.ts";
import { Channel } from "../../../kernel/federation/channel.ts";
import type { Destination } from "../domain/destination.ts";
import type { Sync } from "../domain/sync.ts";
import type { DeliveryRecord } from "../store/delivery-record.ts";
import type { LedgerFilter } from "../store/postgres-ledger-store.ts";
import type { DeliveryFilter } from "./delivery-inputs.ts";
import type { DeliveryType } from "./delivery-type.ts";
import type { DestinationType } from "./destination-type.ts";
import {
  AttemptOutcomeEnum,
  DeliveryKindEnum,
  DeliveryStatusEnum,
  DestinationStateEnum,
  HeldBecauseEnum,
  SyncStateEnum,
} from "./enums.ts";
import type { LineageType } from "./lineage-type.ts";
import type { SyncType } from "./sync-type.ts";

export function toDestination(destination: Destination, settings: unknown): DestinationType {
  return { ...destination, state: DestinationStateEnum[destination.state], settings };
}

/** `destination` holds the name alone; its resolver loads the rest. */
export function toSync(sync: Sync): SyncType {
  return {
    name: sync.name,
    destination: { name: sync.destination } as DestinationType,
    audience: sync.audience === null ? null : { name: sync.audience },
    purpose: { name: sync.purpose },
    channel: Channel[sync.channel as ChannelName],
    identifiers: sync.identifiers,
    traits: sync.traits,
    state: SyncStateEnum[sync.state],
    isBackfilling: sync.state !== "DELETED" && sync.sweepAfter !== null,
    createdAt: sync.createdAt,
    deletedAt: sync.deletedAt,
  };
}

/** `destination` and `sync` hold the name alone; their resolvers load the rest. */
export function toDelivery(record: DeliveryRecord): DeliveryType {
  return {
    id: record.id,
    kind: DeliveryKindEnum[record.kind],
    status: DeliveryStatusEnum[record.status],
    destination: { name: record.destination } as DestinationType,
    sync: { name: record.sync } as SyncType,
    person: { id: record.personId },
    occurredAt: record.occurredAt,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    nextAttemptAt: record.status === "SENDING" ? null : record.dueAt,
    attemptCount: record.attemptCount,
    attempts: record.attempts.map((attempt) => ({
      ...attempt,
      startedAt: new Date(attempt.startedAt),
      outcome: AttemptOutcomeEnum[attempt.outcome],
    })),
    heldBecause: record.held === null ? null : HeldBecauseEnum[record.held],
    note: record.note,
    lineage: toLineage(record),
  };
}

function toLineage({ cause, audience, decision }: DeliveryRecord): LineageType {
  const { messageId, identityChangeId } = cause;
  return {
    event: messageId === null ? null : { messageId, name: cause.eventName },
    identityChange:
      identityChangeId === null
        ? null
        : { id: identityChangeId, remembered: cause.identityChangeKind },
    audience: audience === null ? null : { name: audience },
    audienceVersion: cause.audienceVersion,
    changedTraits: cause.changedTraits,
    consentDecision: decision,
  };
}

export function fromFilter(filter: DeliveryFilter | null | undefined): LedgerFilter {
  return {
    destination: filter?.destination ?? null,
    sync: filter?.sync ?? null,
    statuses: filter?.statuses ?? null,
    person: filter?.person ?? null,
    from: filter?.from ?? null,
    until: filter?.until ?? null,
  };
}
