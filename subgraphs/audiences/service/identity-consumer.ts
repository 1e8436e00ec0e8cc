import { calledEvent } from "../../../kernel/announcements/accepted-event.ts";
import {
  identifierKey,
  type IdentityChange,
  type ProfileChange,
  type ResolvedEvents,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { DefinitionStore } from "../store/definition-store.ts";
import type { ProjectionStore } from "../store/projection-store.ts";
import type { AudienceBook } from "./audience-book.ts";
import { entriesInOrder, entriesThatFit } from "./batch-cut.ts";
import { BatchMoments, isLate } from "./batch-moments.ts";
import { factOf, type SubjectEvent } from "./event-facts.ts";
import type { MembershipEvaluator, Question } from "./membership-evaluator.ts";
import type { MembershipWriter } from "./membership-writer.ts";
import type { OverdueWindows } from "./overdue-windows.ts";
import type { PersonProjector } from "./person-projector.ts";
import type { ReadEvent, ReadEvents } from "./read-events.ts";
import { Touches } from "./touches.ts";
import type { WorkingMemory } from "./working-memory.ts";
import type { WriterLock } from "./writer-lock.ts";

interface ConsumerParts {
  clock: Clock;
  definitions: DefinitionStore;
  lock: WriterLock;
  memory: WorkingMemory;
  projections: ProjectionStore;
  persons: PersonProjector;
  evaluator: MembershipEvaluator;
  writer: MembershipWriter;
  readEvents: ReadEvents;
  overdue: OverdueWindows;
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
    const { lock, persons, evaluator, writer, overdue, clock } = this.parts;
    const book = await lock.take(transaction);
    const nowMs = clock.now().getTime();
    const { entries, events } = await this.portionOf(transaction, batch, nowMs);
    const moments = await this.momentsOf(transaction, entries, events, nowMs);
    const settled = moments ? await overdue.settle(transaction, moments, book) : [];
    const touches = new Touches();
    const { gone } = await persons.apply(transaction, shapingEntries(entries), touches);
    this.takeEvents(transaction, entries, events, { book, touches, moments });
    for (const personId of gone.keys()) touches.forget(personId);
    const atMsOf = (personId: string) => moments?.standsFromMs(personId) ?? nowMs;
    const exits = gone.size > 0 ? await writer.letGo(transaction, gone, book, atMsOf) : [];
    const pairs = touches.pairs(book);
    const questions: Question[] = moments
      ? await overdue.questions(transaction, pairs, moments, nowMs)
      : Array.from(pairs, (pair) => ({ ...pair, fromMs: nowMs, untilMs: nowMs }));
    const findings = await evaluator.assess(transaction, questions, ({ personId, audience }) =>
      touches.causeFor(personId, audience),
    );
    findings.changes.unshift(...settled, ...exits);
    await writer.write(transaction, findings, book);
    return entries.length;
  }

  /** What of a batch is taken in at once, with its events. */
  private async portionOf(
    transaction: Transaction,
    batch: readonly StreamEntry[],
    nowMs: number,
  ): Promise<{ entries: StreamEntry[]; events: ReadEvent[] }> {
    const fitting = entriesThatFit(batch);
    const found: ReadEvent[] = [];
    const stretch = stretchOf(fitting);
    if (stretch) {
      const pages = this.parts.readEvents(transaction, stretch.from, stretch.to);
      for await (const page of pages) found.push(...page);
    }
    const entries = isLate(fitting, found, nowMs) ? entriesInOrder(fitting) : fitting;
    const to = stretchOf(entries)?.to ?? -1;
    if (to >= 0) this.parts.definitions.setTakenUntil(transaction, to);
    return { entries, events: found.filter(({ position }) => position <= to) };
  }

  /** Null where nothing happened before now: everything counts from now on. */
  private async momentsOf(
    transaction: Transaction,
    entries: readonly StreamEntry[],
    events: readonly ReadEvent[],
    nowMs: number,
  ): Promise<BatchMoments | null> {
    const isPlayed =
      isLate(entries, events, nowMs) || (await this.parts.overdue.are(transaction, nowMs));
    return isPlayed ? new BatchMoments(entries, events, nowMs) : null;
  }

  private takeEvents(
    transaction: Transaction,
    entries: readonly StreamEntry[],
    events: readonly ReadEvent[],
    found: Found,
  ): void {
    const keyAt = subjectKeys(entries);
    const owners = ownersAfter(entries);
    const subjects = events.flatMap(({ position, event }) => {
      const subjectKey = keyAt.get(position);
      const one = subjectKey === undefined ? null : factOf(position, subjectKey, event);
      return one ? [one] : [];
    });
    this.parts.projections.addFacts(
      transaction,
      subjects.map(({ fact }) => fact),
    );
    for (const one of subjects) {
      const owner = owners.get(one.fact.subjectKey) ?? null;
      if (owner !== null && found.book.byFact.has(one.fact.factName)) this.note(owner, one, found);
    }
  }

  private note(owner: string, { fact, properties, event }: SubjectEvent, found: Found): void {
    const { factName, atMs, position } = fact;
    this.parts.memory.happened(owner, factName, { atMs, position, properties });
    found.moments?.happened(owner, position);
    found.touches.fact(owner, factName, {
      messageId: event.messageId,
      eventName: calledEvent(event),
      rule: null,
      decision: null,
      identityChangeId: null,
    });
  }
}

/** What the reading of a batch adds to. */
interface Found {
  book: AudienceBook;
  touches: Touches;
  moments: BatchMoments | null;
}

/** Positions of the first and the last event of the runs in a batch. */
function stretchOf(entries: readonly StreamEntry[]): { from: number; to: number } | null {
  const runs = entries.filter(({ kind }) => kind === "RESOLVED");
  if (runs.length === 0) return null;
  const [first, last] = [runs[0]!.payload, runs.at(-1)!.payload] as ResolvedEvents[];
  return { from: first!.from, to: last!.to };
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
