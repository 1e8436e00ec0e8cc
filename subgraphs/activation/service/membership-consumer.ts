import type { DeliveryStatusChange } from "../../../kernel/announcements/delivery-status-change.ts";
import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { type DeliveryCause, noCause } from "../domain/delivery.ts";
import type { Sync } from "../domain/sync.ts";
import type { TellingNews } from "../domain/telling.ts";
import { freshDelivery } from "../store/due-delivery.ts";
import type { NewDelivery, TellingKey } from "../store/postgres-telling-store.ts";
import type { RecentChanges } from "./recent-changes.ts";
import { statusChange, tellingKey } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** Follows the stream `memberships`: who is in, and what has to be told of it. */
export class MembershipConsumer {
  private readonly workshop: Workshop;
  private readonly recent: RecentChanges;

  constructor(workshop: Workshop, recent: RecentChanges) {
    this.workshop = workshop;
    this.recent = recent;
  }

  /**
   * Only the last word of a batch about a person counts: a stay that began and ended is no news.
   */
  async handle(transaction: Transaction, entries: readonly StreamEntry[]): Promise<void> {
    const last = new Map<string, MembershipChange>();
    for (const { kind, payload } of entries) {
      if (kind !== "MEMBERSHIP") continue;
      const change = payload as MembershipChange;
      last.set(`${change.audience}\n${change.personId}`, change);
    }
    const changes = [...last.values()];
    this.workshop.syncs.keep(transaction);
    this.project(transaction, changes);
    const all = await this.workshop.syncs.all(transaction);
    const concerned = changes.flatMap((change) =>
      all.filter((sync) => sync.audience === change.audience).map((sync) => ({ sync, change })),
    );
    if (concerned.length === 0) return;
    const announcements: DeliveryStatusChange[] = [];
    const begun = await this.begin(transaction, concerned, announcements);
    const news = new Map<string, TellingNews>();
    const known: TellingKey[] = [];
    for (const { sync, change } of concerned) {
      const key = { sync: sync.name, personId: change.personId };
      if (begun.has(tellingKey(key))) continue;
      known.push(key);
      const note = { occurredAt: change.occurredAt, cause: this.causeOf(change) };
      news.set(tellingKey(key), { note });
    }
    await this.workshop.reconciler.reconcile(transaction, known, { news, announcements });
  }

  /** Who was never told of gets a telling with its first message at once: most entries are such. */
  private async begin(
    transaction: Transaction,
    concerned: readonly { sync: Sync; change: MembershipChange }[],
    announcements: DeliveryStatusChange[],
  ): Promise<Set<string>> {
    const { tellings, members, reconciler, clock } = this.workshop;
    const now = clock.now();
    const entries = concerned.filter(({ change }) => change.kind === "ENTERED");
    const ids = [...new Set(entries.map(({ change }) => change.personId))];
    const gone = await members.survivors(transaction, ids);
    const first = entries
      .filter(({ change }) => !gone.has(change.personId))
      .map(({ sync, change }) => firstMessage(sync, change, this.causeOf(change), now));
    const begun = first.length === 0 ? new Set<string>() : await tellings.begin(transaction, first);
    const opened = first.filter((one) => begun.has(one.id));
    tellings.open(transaction, opened, now);
    announcements.push(...opened.map((one) => statusChange(one, "PENDING", now)));
    const fresh = opened.map((one) => freshDelivery(one, newlyIn(one.cause.audienceVersion), now));
    reconciler.handOver(transaction, fresh);
    return new Set(opened.map(tellingKey));
  }

  private project(transaction: Transaction, changes: readonly MembershipChange[]): void {
    const { members } = this.workshop;
    const entered = changes.filter((change) => change.kind === "ENTERED");
    members.enter(
      transaction,
      entered.map((change) => ({
        audience: change.audience,
        personId: change.personId,
        version: change.version,
        enteredAt: new Date(change.occurredAt),
        cause: this.causeOf(change),
      })),
    );
    members.exit(
      transaction,
      changes.filter((change) => change.kind === "EXITED"),
    );
  }

  private causeOf(change: MembershipChange): DeliveryCause {
    const { cause } = change;
    return {
      ...noCause,
      ...cause,
      identityChangeKind: this.recent.kindOf(cause.identityChangeId),
      audienceVersion: change.version,
    };
  }
}

/** How somebody stands of whom nothing was told yet. */
function newlyIn(memberVersion: number | null) {
  return { told: false, refused: false, member: true, memberVersion, survivor: null };
}

function firstMessage(
  sync: Sync,
  change: MembershipChange,
  cause: DeliveryCause,
  now: Date,
): NewDelivery {
  return {
    id: newId("delivery", now.getTime()),
    sync: sync.name,
    personId: change.personId,
    destination: sync.destination,
    audience: sync.audience,
    kind: "ENTERED",
    occurredAt: new Date(change.occurredAt),
    dueAt: sync.state === "ACTIVE" ? now : null,
    cause,
    decision: null,
    touched: false,
  };
}
