import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { type DeliveryCause, noCause } from "../domain/delivery.ts";
import type { TellingNews } from "../domain/telling.ts";
import type { TellingKey } from "../store/postgres-telling-store.ts";
import type { RecentChanges } from "./recent-changes.ts";
import { tellingKey } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** Follows the stream `memberships`: who is in, and what has to be told of it. */
export class MembershipConsumer {
  private readonly workshop: Workshop;
  private readonly recent: RecentChanges;

  constructor(workshop: Workshop, recent: RecentChanges) {
    this.workshop = workshop;
    this.recent = recent;
  }

  /** Only the last word of a batch about a person counts: a stay that began and ended is no news. */
  async handle(transaction: Transaction, entries: readonly StreamEntry[]): Promise<void> {
    const last = new Map<string, MembershipChange>();
    for (const { kind, payload } of entries) {
      if (kind !== "MEMBERSHIP") continue;
      const change = payload as MembershipChange;
      last.set(`${change.audience}\n${change.personId}`, change);
    }
    const changes = [...last.values()];
    await this.project(transaction, changes);
    const { syncs, tellings, reconciler } = this.workshop;
    const all = await syncs.all(transaction);
    const news = new Map<string, TellingNews>();
    const entering: TellingKey[] = [];
    const concerned: TellingKey[] = [];
    for (const change of changes) {
      for (const sync of all) {
        if (sync.audience !== change.audience) continue;
        const key = { sync: sync.name, personId: change.personId };
        concerned.push(key);
        if (change.kind === "ENTERED") entering.push(key);
        const note = { occurredAt: change.occurredAt, cause: this.causeOf(change) };
        news.set(tellingKey(key), { note });
      }
    }
    if (concerned.length === 0) return;
    await tellings.ensure(transaction, entering);
    await reconciler.reconcile(transaction, concerned, { news });
  }

  private async project(
    transaction: Transaction,
    changes: readonly MembershipChange[],
  ): Promise<void> {
    const { members } = this.workshop;
    const entered = changes.filter((change) => change.kind === "ENTERED");
    await members.enter(
      transaction,
      entered.map((change) => ({
        audience: change.audience,
        personId: change.personId,
        version: change.version,
        enteredAt: new Date(change.occurredAt),
        cause: this.causeOf(change),
      })),
    );
    await members.exit(transaction, changes.filter((change) => change.kind === "EXITED"));
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
