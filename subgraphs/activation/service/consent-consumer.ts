import type { ConsentChange } from "../../../kernel/announcements/consent-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { ConsentCause } from "../domain/delivery.ts";
import type { Sync } from "../domain/sync.ts";
import type { WishedPerson } from "../store/postgres-check-store.ts";
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
    syncs.keep(transaction);
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
      const persons = new Map<string, WishedPerson>();
      for (const change of changes.filter((one) => concerns(one, sync))) {
        const personId = survivors.get(change.personId!) ?? change.personId!;
        const cause = causeOf(change) ?? persons.get(personId)?.cause ?? null;
        persons.set(personId, { personId, cause });
      }
      await checks.wish(transaction, [sync.name], [...persons.values()], clock.now());
    }
  }
}

function causeOf({ cause }: ConsentChange): ConsentCause | null {
  const { messageId, eventName = null, identityChangeId = null } = cause;
  if (messageId === null && identityChangeId === null) return null;
  return { messageId, eventName, identityChangeId };
}

/** Null in an announcement stands for all of them. */
function concerns(change: ConsentChange, sync: Sync): boolean {
  const samePurpose =
    change.purpose === null || change.purpose.toLowerCase() === sync.purpose.toLowerCase();
  return samePurpose && (change.channel === null || change.channel === sync.channel);
}
