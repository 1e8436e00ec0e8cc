import { type AcceptedEvent, calledEvent } from "../../../kernel/announcements/accepted-event.ts";
import {
  type ConsentChange,
  noConsentCause,
} from "../../../kernel/announcements/consent-change.ts";
import {
  identifierKey,
  type IdentifierMove,
  type IdentityChange,
  type ResolvedEvents,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { purposeKey } from "../domain/consent-policy.ts";
import { type Purpose, statementKeysOf } from "../domain/purpose.ts";
import type { Statement } from "../store/consent-store.ts";
import { announceConsent, identifierOfKey } from "./announce-consent.ts";
import type { ConsentContext } from "./consent-context.ts";
import { recordPreferences, type ResolvedEvent } from "./record-preferences.ts";

/** Follows identity: who has which identifier, and what their events say about consent. */
export class ConsentConsumer {
  private readonly context: ConsentContext;

  constructor(context: ConsentContext) {
    this.context = context;
  }

  /** One batch of stream `identity`, in the transaction of the cursor. */
  async handle(transaction: Transaction, entries: StreamEntry[]): Promise<void> {
    await this.context.store.moveOwners(transaction);
    const announced: ConsentChange[] = [];
    for (const stretch of stretches(entries)) {
      announced.push(...(await this.follow(transaction, stretch)));
    }
    await announceConsent(this.context.streams, transaction, announced);
  }

  private async follow(transaction: Transaction, entries: StreamEntry[]): Promise<ConsentChange[]> {
    const { persons, store } = this.context;
    const changes = payloads<IdentityChange>(entries, "CHANGE");
    const moves = changes.flatMap((change) => change.moves);
    const known = await store.subjectsWithFacts(transaction, moves);
    persons.apply(transaction, changes);
    store.addTenures(transaction, changes, known.spoken);
    store.markSeeAlso(transaction, [...known.reappeared]);
    const recorded = await this.record(transaction, payloads(entries, "RESOLVED"));
    const isKnown = knownBefore(known.any, recorded);
    for (const change of changes.filter((one) => one.kind === "ERASE")) {
      const gone = change.moves.filter((move) => move.to === null).map(identifierKey);
      await store.eraseSubjects(transaction, gone, Date.parse(change.occurredAt));
    }
    return [...changes.flatMap((change) => movedChanges(change, isKnown)), ...recorded];
  }

  private async record(transaction: Transaction, runs: ResolvedEvents[]): Promise<ConsentChange[]> {
    const events = await this.events(transaction, runs);
    if (events.length === 0) return [];
    const { clock, store } = this.context;
    const now = clock.now().getTime();
    const statements = await recordPreferences(store, transaction, events, now);
    if (statements.length === 0) return [];
    const purposes = await store.purposes(transaction);
    const carriers = new Map(events.map((one) => [carrierKey(one.event), one]));
    return statements.flatMap((one) => {
      const { personId, event } = carriers.get(carrierKey(one))!;
      return statementChanges(one, personId, purposes, calledEvent(event));
    });
  }

  /** The events of the runs that can say something about consent. */
  private async events(transaction: Transaction, runs: ResolvedEvents[]): Promise<ResolvedEvent[]> {
    const { streams } = this.context;
    const found: ResolvedEvent[] = [];
    for (const run of runs) {
      const subjects = new Map(run.subjects.map((one) => [one.position, one]));
      let after = run.from - 1;
      while (after < run.to) {
        const page = await streams.read(transaction, "events", after, eventsPerRead);
        if (page.length === 0) break;
        after = page.at(-1)!.position;
        for (const entry of page) {
          const subject = subjects.get(entry.position);
          if (!subject?.subjectKey) continue;
          const { subjectKey, personId } = subject;
          found.push({ event: entry.payload as AcceptedEvent, subjectKey, personId });
        }
      }
    }
    return found;
  }
}

const eventsPerRead = 1_000;

/** Message ids are unique within their source. */
function carrierKey({ source, messageId }: { source: string | null; messageId: string | null }) {
  return `${source}\n${messageId}`;
}

/** An erasure stands alone: what was said before it is forgotten, what is said after it is not. */
function stretches(entries: StreamEntry[]): StreamEntry[][] {
  const found: StreamEntry[][] = [[]];
  for (const entry of entries) {
    const isErasure = entry.kind === "CHANGE" && (entry.payload as IdentityChange).kind === "ERASE";
    if (isErasure) found.push([entry], []);
    else found.at(-1)!.push(entry);
  }
  return found.filter((stretch) => stretch.length > 0);
}

function payloads<P>(entries: StreamEntry[], kind: string): P[] {
  return entries.filter((entry) => entry.kind === kind).map((entry) => entry.payload as P);
}

function fromOf(redirect: { from: string }): string {
  return redirect.from;
}

/**
 * The person who has the identifier now, and the one who lost it, unless that one was merged
 * away.
 */
function personsTouched(move: IdentifierMove, gone: Set<string>): string[] {
  const losing = move.from !== null && !gone.has(move.from) ? move.from : null;
  return [...new Set([move.to, losing])].filter((id) => id !== null);
}

/**
 * Whether something was known of an identifier before it moved. What was recorded in the same
 * stretch
 * was so for an identifier that had a person: its first move came before that.
 */
function knownBefore(
  known: ReadonlySet<string>,
  recorded: readonly ConsentChange[],
): (move: IdentifierMove) => boolean {
  const fresh = new Set(recorded.map(({ identifier }) => identifierKey(identifier!)));
  return (move) => {
    const key = identifierKey(move);
    return known.has(key) || (move.from !== null && fresh.has(key));
  };
}

/** Whose decisions may differ since identifiers about which something is known changed hands. */
function movedChanges(
  change: IdentityChange,
  isKnown: (move: IdentifierMove) => boolean,
): ConsentChange[] {
  const gone = new Set(change.redirects.filter((one) => one.from !== one.to).map(fromOf));
  return change.moves.filter(isKnown).flatMap((move) =>
    personsTouched(move, gone).map((personId) => ({
      identifier: { namespace: move.namespace, value: move.value },
      personId,
      purpose: null,
      channel: null,
      occurredAt: change.occurredAt,
      cause: {
        ...noConsentCause,
        messageId: change.cause.messageId,
        eventName: change.cause.eventName,
        identityChangeId: change.id,
      },
    })),
  );
}

/** One announcement for each defined purpose the statement is about. */
export function statementChanges(
  statement: Statement,
  personId: string | null,
  purposes: Purpose[],
  eventName: string | null,
): ConsentChange[] {
  const about = purposes.filter((purpose) =>
    statementKeysOf(purpose).includes(purposeKey(statement.purpose)),
  );
  return about.map((purpose) => ({
    identifier: identifierOfKey(statement.subjectKey),
    personId,
    purpose: purpose.name,
    channel: statement.channel,
    occurredAt: new Date(statement.statedAt).toISOString(),
    cause: {
      ...noConsentCause,
      messageId: statement.messageId,
      eventName,
      statementId: statement.id,
    },
  }));
}
