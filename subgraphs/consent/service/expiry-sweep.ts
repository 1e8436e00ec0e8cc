import {
  type ConsentChange,
  noConsentCause,
} from "../../../kernel/announcements/consent-change.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { StatementFact } from "../domain/consent-facts.ts";
import { purposeKey } from "../domain/consent-policy.ts";
import { statementKeysOf } from "../domain/purpose.ts";
import { announceConsent, identifierOfKey } from "./announce-consent.ts";
import type { ConsentContext } from "./consent-context.ts";

const intervalMs = 1_000;
const expiredPerSweepMax = 500;

/** Announces consents when they run out, as no event will. */
export class ExpirySweep {
  private readonly context: ConsentContext;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();

  constructor(context: ConsentContext, logger: Logger) {
    this.context = context;
    this.logger = logger;
  }

  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.sweep()
        .catch((error: unknown) => this.logger.warn("expired consents wait", { error }))
        .finally(() => this.timer && this.start());
    }, intervalMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.running;
  }

  /** Announces what has run out by now; gives how many there were. */
  async sweep(): Promise<number> {
    let total = 0;
    for (let found = expiredPerSweepMax; found === expiredPerSweepMax; total += found) {
      found = await this.announceSome();
    }
    return total;
  }

  private announceSome(): Promise<number> {
    const { clock, database, persons, store, streams } = this.context;
    return database.transaction(async (transaction) => {
      await store.keepOwners(transaction);
      const now = clock.now().getTime();
      const expired = await store.takeExpired(transaction, now, expiredPerSweepMax);
      if (expired.length === 0) return 0;
      const subjects = [...new Set(expired.map((one) => one.subject!))];
      const owners = await persons.personsOf(transaction, subjects);
      const purposes = await store.purposes(transaction);
      const changes = expired.flatMap((one) =>
        purposes
          .filter((purpose) => statementKeysOf(purpose).includes(purposeKey(one.purpose)))
          .map((purpose) => expiryOf(one, purpose.name, owners.get(one.subject!) ?? null)),
      );
      await announceConsent(streams, transaction, changes);
      return expired.length;
    });
  }
}

function expiryOf(one: StatementFact, purpose: string, personId: string | null): ConsentChange {
  return {
    identifier: identifierOfKey(one.subject!),
    personId,
    purpose,
    channel: one.channel,
    occurredAt: new Date(one.expiresAt!).toISOString(),
    cause: noConsentCause,
  };
}
