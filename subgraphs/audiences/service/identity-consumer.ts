import { type AcceptedEvent, calledEvent } from "../../../kernel/announcements/accepted-event.ts";
import {
  identifierKey,
  type IdentityChange,
  type ProfileChange,
  type ResolvedEvents,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { ProjectionStore } from "../store/projection-store.ts";
import type { AudienceBook } from "./audience-book.ts";
import { factOf, type SubjectEvent } from "./event-facts.ts";
import type { MembershipEvaluator, Question } from "./membership-evaluator.ts";
import type { MembershipWriter } from "./membership-writer.ts";
import type { PersonProjector } from "./person-projector.ts";
import { Touches } from "./touches.ts";
import type { WorkingMemory } from "./working-memory.ts";
import type { WriterLock } from "./writer-lock.ts";

/** Gives the accepted events of a range of positions, both included, ascending, in pages. */
export type ReadEvents = (
  transaction: Transaction,
  from: number,
  to: number,
) => AsyncIterable<{ position: number; event: AcceptedEvent }[]>;

/** Events taken in one transaction: what the engine is held for, some 100 ms. */
const eventsMax = 1_000;

interface ConsumerParts {
  clock: Clock;
  lock: WriterLock;
  memory: WorkingMemory;
  projections: ProjectionStore;
  persons: PersonProjector;
  evaluator: MembershipEvaluator;
  writer: MembershipWriter;
  readEvents: ReadEvents;
}

/**
 * The one reader of stream `identity`: first the projections take in all of a batch, then each
 * person who was touched is asked once, for the audiences that what changed can concern.
 */
export class IdentityConsumer {
  private readonly parts: ConsumerParts;

  constructor(parts: ConsumerParts) {
    this.parts = parts;
  }

  /**
   * Takes in what fits one transaction, which also moves the cursor; gives how many entries that
   * was.
   */
  async handle(transaction: Transaction, batch: readonly StreamEntry[]): Promise<number> {
    const entries = batch.slice(0, entriesThatFit(batch));
    const { lock, persons, evaluator, writer, clock } = this.parts;
    const book = await lock.take(transaction);
    const touches = new Touches();
    const { gone } = await persons.apply(transaction, shapingEntries(entries), touches);
    await this.takeEvents(transaction, entries, book, touches);
    for (const personId of gone.keys()) touches.forget(personId);
    const now = clock.now();
    const exits = gone.size > 0 ? await writer.letGo(transaction, gone, book, now) : [];
    const questions: Question[] = [];
    for (const pair of touches.pairs(book)) questions.push({ ...pair, fromMs: now.getTime() });
    const findings = await evaluator.assess(
      transaction,
      questions,
      now.getTime(),
      ({ personId, audience }) => touches.causeFor(personId, audience),
    );
    findings.changes.unshift(...exits);
    await writer.write(transaction, findings, book);
    return entries.length;
  }

  private async takeEvents(
    transaction: Transaction,
    entries: readonly StreamEntry[],
    book: AudienceBook,
    touches: Touches,
  ): Promise<void> {
    const keyAt = subjectKeys(entries);
    if (keyAt.size === 0) return;
    const owners = ownersAfter(entries);
    const positions = [...keyAt.keys()];
    const [from, to] = [positions[0]!, positions.at(-1)!];
    for await (const page of this.parts.readEvents(transaction, from, to)) {
      const found: SubjectEvent[] = [];
      for (const { position, event } of page) {
        const subjectKey = keyAt.get(position);
        const one = subjectKey === undefined ? null : factOf(position, subjectKey, event);
        if (one) found.push(one);
      }
      this.parts.projections.addFacts(
        transaction,
        found.map(({ fact }) => fact),
      );
      for (const one of found) {
        const owner = owners.get(one.fact.subjectKey) ?? null;
        if (owner !== null && book.byFact.has(one.fact.factName)) this.note(owner, one, touches);
      }
    }
  }

  private note(owner: string, { fact, properties, event }: SubjectEvent, touches: Touches): void {
    this.parts.memory.happened(owner, fact.factName, { atMs: fact.atMs, properties });
    touches.fact(owner, fact.factName, {
      messageId: event.messageId,
      eventName: calledEvent(event),
      rule: null,
      decision: null,
      identityChangeId: null,
    });
  }
}

/** A run of events weighs as many as it has; at least one entry fits. */
function entriesThatFit(batch: readonly StreamEntry[]): number {
  let events = 0;
  const surplus = batch.findIndex((entry, index) => {
    if (entry.kind === "RESOLVED") events += (entry.payload as ResolvedEvents).subjects.length;
    return index > 0 && events > eventsMax;
  });
  return surplus === -1 ? batch.length : surplus;
}

/** Subject key of each event of the batch, by position, ascending. */
function subjectKeys(entries: readonly StreamEntry[]): Map<number, string> {
  const keys = new Map<number, string>();
  for (const entry of entries) {
    if (entry.kind !== "RESOLVED") continue;
    for (const { position, subjectKey } of (entry.payload as ResolvedEvents).subjects) {
      if (subjectKey !== null) keys.set(position, subjectKey);
    }
  }
  return keys;
}

function shapingEntries(entries: readonly StreamEntry[]): (IdentityChange | ProfileChange)[] {
  return entries
    .filter((entry) => entry.kind === "CHANGE" || entry.kind === "PROFILE")
    .map((entry) => entry.payload as IdentityChange | ProfileChange);
}

/** Whose each identifier named in the batch is after all of it; what moves last counts. */
function ownersAfter(entries: readonly StreamEntry[]): Map<string, string | null> {
  const owners = new Map<string, string | null>();
  for (const entry of entries) {
    if (entry.kind === "CHANGE") {
      for (const move of (entry.payload as IdentityChange).moves) {
        owners.set(identifierKey(move), move.to);
      }
    } else if (entry.kind === "RESOLVED") {
      for (const { subjectKey, personId } of (entry.payload as ResolvedEvents).subjects) {
        if (subjectKey !== null) owners.set(subjectKey, personId);
      }
    }
  }
  return owners;
}
