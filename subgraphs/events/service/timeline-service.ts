import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type {
  IdentityChange,
  ResolvedEvents,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Database, Transaction } from "../../../kernel/database/database.ts";
import { PersonIndex } from "../../../kernel/persons/person-index.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { TimelineFilter, TimelineKey } from "../domain/timeline.ts";
import type { EventLog } from "../store/event-log.ts";
import type { TimelineRow, TimelineStore } from "../store/timeline-store.ts";

const rowsPerStatementMax = 2_000;

/** One entry of a timeline: its sort key, and the event. */
export interface TimelineEntry {
  key: TimelineKey;
  event: AcceptedEvent;
}

/** Which page of a timeline is wanted. */
export interface TimelinePage {
  after: TimelineKey | null;
  filter: TimelineFilter;
  limit: number;
}

/** Keeps the timelines, and reads them: which events hang on which identifiers of a person. */
export class TimelineService {
  private readonly database: Database;
  private readonly store: TimelineStore;
  private readonly log: EventLog;
  private readonly persons = new PersonIndex("events");

  constructor(database: Database, store: TimelineStore, log: EventLog) {
    this.database = database;
    this.store = store;
    this.log = log;
  }

  /** Follows the identity stream: who is who, and on which identifier each event hangs. */
  async apply(transaction: Transaction, entries: readonly StreamEntry[]): Promise<void> {
    const changes = entries.filter((entry) => entry.kind === "CHANGE");
    if (changes.length > 0) {
      this.persons.apply(
        transaction,
        changes.map((entry) => entry.payload as IdentityChange),
      );
    }
    const subjects = new Map<number, string>();
    for (const entry of entries) {
      if (entry.kind !== "RESOLVED") continue;
      for (const { position, subjectKey } of (entry.payload as ResolvedEvents).subjects) {
        if (subjectKey !== null) subjects.set(position, subjectKey);
      }
    }
    if (subjects.size > 0) await this.add(transaction, subjects);
  }

  /** A page of each person's timeline, newest first. Merged ids answer with the survivor's. */
  async pages(personIds: readonly string[], page: TimelinePage): Promise<TimelineEntry[][]> {
    const survivors = await this.persons.survivors(this.database, personIds);
    const present = personIds.map((id) => survivors.get(id) ?? id);
    const identifiers = await this.persons.identifiersOf(this.database, [...new Set(present)]);
    const subjects = present.map((id) => identifiers.get(id) ?? []);
    const places = await this.store.pages(this.database, subjects, page);
    const positions = places.flat().map((place) => place.position);
    const events = await this.log.atPositions(this.database, positions);
    return places.map((ofPerson) =>
      ofPerson.flatMap(({ at, position }) => {
        const event = events.get(position);
        return event ? [{ key: [at, position] as const, event }] : [];
      }),
    );
  }

  private async add(transaction: Transaction, subjects: Map<number, string>): Promise<void> {
    const positions = [...subjects.keys()];
    for (let from = 0; from < positions.length; from += rowsPerStatementMax) {
      const some = positions.slice(from, from + rowsPerStatementMax);
      const heads = await this.log.headsAt(transaction, some);
      const rows: TimelineRow[] = [];
      for (const head of heads) {
        const subjectKey = subjects.get(head.position);
        if (subjectKey !== undefined) rows.push({ ...head, subjectKey });
      }
      this.store.insert(transaction, rows);
    }
  }
}
