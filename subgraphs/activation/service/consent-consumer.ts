import type { ConsentChange } from "../../../kernel/announcements/consent-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Sync } from "../domain/sync.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Follows the stream `consent`: notes whose standing may have changed. What to do about it is
 * decided afterwards, by asking consent (`checker.ts`).
 */
export class ConsentConsumer {
  private readonly workshop: Workshop;
  private readonly wake: { checker: () => void; sweeper: () => void };

  constructor(workshop: Workshop, wake: { checker: () => void; sweeper: () => void }) {
    this.workshop = workshop;
    this.wake = wake;
  }

  async handle(transaction: Transaction, entries: readonly StreamEntry[]): Promise<void> {
    const changes = entries
      .filter((entry) => entry.kind === "CONSENT")
      .map((entry) => entry.payload as ConsentChange);
    if (changes.length === 0) return;
    const { syncs } = this.workshop;
    const all = await syncs.all(transaction);
    const forEverybody = changes.filter((change) => !change.identifier && !change.personId);
    const swept = all.filter((sync) => forEverybody.some((change) => concerns(change, sync)));
    await syncs.setSweep(
      transaction,
      swept.map((sync) => sync.name),
      "",
    );
    const about = changes.filter((change) => change.personId !== null);
    await this.wish(transaction, all, about);
    transaction.afterCommit(this.wake.checker);
    if (swept.length > 0) transaction.afterCommit(this.wake.sweeper);
  }

  private async wish(
    transaction: Transaction,
    all: readonly Sync[],
    changes: readonly ConsentChange[],
  ): Promise<void> {
    const { members, checks, clock } = this.workshop;
    const ids = [...new Set(changes.map((change) => change.personId!))];
    const survivors = await members.survivors(transaction, ids);
    for (const sync of all) {
      const persons = changes
        .filter((change) => concerns(change, sync))
        .map((change) => survivors.get(change.personId!) ?? change.personId!);
      await checks.wish(transaction, [sync.name], [...new Set(persons)], clock.now());
    }
  }
}

/** Null in an announcement stands for all of them. */
function concerns(change: ConsentChange, sync: Sync): boolean {
  const samePurpose =
    change.purpose === null || change.purpose.toLowerCase() === sync.purpose.toLowerCase();
  return samePurpose && (change.channel === null || change.channel === sync.channel);
}
