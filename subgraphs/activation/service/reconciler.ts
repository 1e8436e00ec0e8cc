import type { DeliveryStatusChange } from "../../../kernel/announcements/delivery-status-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";
import {
  planTelling,
  type Telling,
  type TellingNews,
  type TellingPlan,
} from "../domain/telling.ts";
import { type DueDelivery, freshDelivery } from "../store/due-delivery.ts";
import type {
  NewDelivery,
  PostgresTellingStore,
  TellingKey,
  TellingUpdate,
} from "../store/postgres-telling-store.ts";

/** One text per telling, for maps. */
export function tellingKey(key: TellingKey): string {
  return `${key.sync}\n${key.personId}`;
}

export interface ReconcileOptions {
  /** What happened, by `tellingKey`. */
  news?: ReadonlyMap<string, TellingNews>;
  /** Status changes of the same transaction, to be announced with ours. */
  announcements?: DeliveryStatusChange[];
}

/** Everything that a set of plans comes to, as sets. */
class Changes {
  readonly updates: TellingUpdate[] = [];
  readonly opened: NewDelivery[] = [];
  readonly superseded: string[] = [];
  readonly requeued: string[] = [];
  readonly coalesced: { id: string; occurredAt: Date; cause: NewDelivery["cause"] }[] = [];
  readonly fresh: DueDelivery[] = [];
  readonly wakes = new Set<string>();
}

/** Who sends: is told what has become due, once that is committed. */
export interface Lanes {
  offer(deliveries: readonly DueDelivery[]): void;
  wake(destination: string): void;
}

/** Brings what is open into line with what was told and what is so now. Works in sets. */
export class Reconciler {
  private readonly tellings: PostgresTellingStore;
  private readonly streams: Streams;
  private readonly clock: Clock;
  private readonly lanes: () => Lanes;

  constructor(tellings: PostgresTellingStore, streams: Streams, clock: Clock, lanes: () => Lanes) {
    this.tellings = tellings;
    this.streams = streams;
    this.clock = clock;
    this.lanes = lanes;
  }

  /** Reconciles those of the tellings that exist. The last statement appends to the stream. */
  async reconcile(
    transaction: Transaction,
    keys: readonly TellingKey[],
    options: ReconcileOptions = {},
  ): Promise<void> {
    const now = this.clock.now();
    const announcements = options.announcements ?? [];
    const changes = new Changes();
    for (const telling of await this.tellings.lock(transaction, keys)) {
      const news = options.news?.get(tellingKey(telling)) ?? {};
      this.apply(telling, planTelling(telling, news, now), changes, announcements, now);
    }
    this.tellings.supersede(transaction, changes.superseded, supersededNote, now);
    this.tellings.open(transaction, changes.opened, now);
    await this.tellings.requeue(transaction, changes.requeued, now);
    this.tellings.coalesce(transaction, changes.coalesced, now);
    this.tellings.update(transaction, changes.updates);
    await this.announce(transaction, announcements);
    this.handOver(transaction, changes.fresh);
    for (const destination of changes.wakes) {
      transaction.afterCommit(() => this.lanes().wake(destination));
    }
  }

  /** Gives deliveries that were opened to their lanes once the transaction is committed. */
  handOver(transaction: Transaction, opened: readonly DueDelivery[]): void {
    const due = opened.filter(({ dueAt }) => dueAt !== null);
    if (due.length > 0) transaction.afterCommit(() => this.lanes().offer(due));
  }

  /** Appends status changes to the stream `deliveries`. */
  async announce(
    transaction: Transaction,
    announcements: readonly DeliveryStatusChange[],
  ): Promise<void> {
    if (announcements.length === 0) return;
    await this.streams.append(
      transaction,
      "deliveries",
      announcements.map((payload) => ({ key: payload.deliveryId, kind: "STATUS", payload })),
    );
  }

  private apply(
    telling: Telling,
    plan: TellingPlan,
    changes: Changes,
    announcements: DeliveryStatusChange[],
    now: Date,
  ): void {
    const tell = (deliveryId: string, status: DeliveryStatus) =>
      announcements.push(statusChange({ ...telling, id: deliveryId }, status, now));
    let openId = plan.keepsOpen ? telling.openId : null;
    if (plan.supersede && telling.openId) {
      changes.superseded.push(telling.openId);
      if (telling.openStatus !== "DEAD") tell(telling.openId, "SUPERSEDED");
    }
    if (plan.requeue && telling.openId) {
      changes.requeued.push(telling.openId);
      tell(telling.openId, "PENDING");
      changes.wakes.add(telling.destination);
    }
    if (plan.coalesce && telling.openId) {
      const occurredAt = new Date(plan.coalesce.occurredAt);
      changes.coalesced.push({ id: telling.openId, occurredAt, cause: plan.coalesce.cause });
      // A withheld change is judged anew when it is due; consent alone makes it so.
    }
    if (plan.open) {
      const opened = newDelivery(telling, plan.open, now);
      openId = opened.id;
      changes.opened.push(opened);
      changes.fresh.push(freshDelivery(opened, standingOf(telling, plan), now));
      tell(opened.id, "PENDING");
    }
    const update = {
      ...telling,
      told: plan.told,
      refused: plan.refused,
      openId,
      again: plan.again,
    };
    if (differs(telling, update)) changes.updates.push(update);
  }
}

function standingOf({ member, survivor }: Telling, { told, refused }: TellingPlan) {
  return {
    told,
    refused,
    member: member !== null,
    memberVersion: member?.version ?? null,
    survivor,
  };
}

const supersededNote = "No longer so, or no longer allowed, before it was delivered";

function newDelivery(
  telling: Telling,
  open: NonNullable<TellingPlan["open"]>,
  now: Date,
): NewDelivery {
  return {
    id: newId("delivery", now.getTime()),
    sync: telling.sync,
    personId: telling.personId,
    destination: telling.destination,
    audience: telling.audience,
    kind: open.kind,
    occurredAt: new Date(open.occurredAt),
    dueAt: telling.syncState === "ACTIVE" ? now : null,
    cause: open.cause,
    decision: open.decision,
    touched: open.mustArrive,
  };
}

function differs(telling: Telling, update: TellingUpdate): boolean {
  return (
    telling.told !== update.told ||
    telling.refused !== update.refused ||
    telling.openId !== update.openId ||
    telling.again !== update.again
  );
}

/** The announcement of a delivery's new status. */
export function statusChange(
  delivery: { id: string; destination: string; sync: string; personId: string },
  status: DeliveryStatus,
  now: Date,
): DeliveryStatusChange {
  return {
    deliveryId: delivery.id,
    destination: delivery.destination,
    sync: delivery.sync,
    personId: delivery.personId,
    status,
    occurredAt: now.toISOString(),
  };
}
