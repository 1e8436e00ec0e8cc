import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Database } from "../../../kernel/database/database.ts";
import type {
  ExportPage,
  ExportSubject,
  PrivacyDuties,
} from "../../../kernel/federation/privacy-resolver.ts";
import {
  type ErasedSubject,
  type ErasureStep,
  erasureStepMs,
  goneKeys,
  keyOf,
} from "../../../kernel/privacy/erased-subject.ts";
import { Redactor } from "../../../kernel/privacy/redactor.ts";
import { sweepSchema } from "../../../kernel/privacy/sweep-schema.ts";
import { scrubbedTopic, scrubStream } from "../../../kernel/streams/scrub-stream.ts";
import { readHead } from "../../../kernel/streams/stream-store.ts";
import { emptiedEvent, isAbout, withoutMentions } from "../domain/erased-event.ts";
import type { EventTombstones } from "../store/event-tombstones.ts";
import { PostgresEraser, type TimelineStretch } from "../store/event-eraser.ts";

/** Events that one transaction empties. */
const eventsPerTransaction = 500;

/** Kept for others, or known by hashes alone. */
const sweptElsewhere = [
  "person_identifiers",
  "person_redirects",
  "timeline",
  "tombstones",
  "secrets",
];

interface Progress {
  stage: "subjects" | "mentions" | "quarantine" | "sweep";
  /** End of stream `events` when the mentions were begun. */
  upTo: number;
  next: string | null;
}

/** Forgets in the event log, timelines and quarantine. */
export class EventPrivacy implements PrivacyDuties {
  private readonly database: Database;
  private readonly tombstones: EventTombstones;
  private readonly eraser = new PostgresEraser();

  constructor(database: Database, tombstones: EventTombstones) {
    this.database = database;
    this.tombstones = tombstones;
  }

  async erase(subject: ErasedSubject, next: string | null): Promise<ErasureStep> {
    const progress = next === null ? await this.begin(subject) : (JSON.parse(next) as Progress);
    const redactor = new Redactor(subject.identifiers.filter(({ isGone }) => isGone));
    switch (progress.stage) {
      case "subjects":
        return goOn(await this.emptySubjects(subject), progress, "mentions");
      case "mentions":
        return goOn(await this.scrubMentions(subject, redactor, progress), progress, "quarantine");
      case "quarantine":
        return goOn(await this.emptyQuarantine(subject, redactor), progress, "sweep");
      case "sweep":
        return goOn(await this.sweep(redactor, progress), progress, null);
    }
  }

  async export({ identifiers }: ExportSubject, next: string | null): Promise<ExportPage> {
    const keys = identifiers.map(keyOf);
    const { events, last } = await this.eraser.exportedEvents(this.database, keys, next);
    if (last !== null) return { sections: { events }, next: last };
    const redactor = new Redactor(identifiers.map((each) => ({ ...each, token: "" })));
    const waiting = await this.eraser.quarantineMentions(this.database, redactor, "infinity");
    const quarantine = waiting
      .map(({ payload }) => JSON.parse(payload) as Record<string, unknown>)
      .filter((raw) => isAbout(raw, redactor));
    return { sections: { events, quarantine }, next: null };
  }

  /** First nothing old comes in any more; then what is there can go. */
  private async begin(subject: ErasedSubject): Promise<Progress> {
    const hashes = goneKeys(subject).map((key) => this.tombstones.hashOf(key));
    await this.tombstones.add(this.database, hashes, new Date(subject.erasedAt));
    await this.tombstones.added();
    const upTo = await readHead(this.database, "events");
    return { stage: "subjects", upTo, next: null };
  }

  private async emptySubjects(subject: ErasedSubject): Promise<ErasureStep> {
    const endMs = performance.now() + erasureStepMs;
    const stretches: TimelineStretch[] = subject.identifiers.map(
      ({ namespace, value, from, until, isGone }) => ({
        key: `${namespace}:${value}`,
        from,
        until: isGone ? null : until,
      }),
    );
    for (;;) {
      const emptied = await this.database.transaction(
        async (tx) => {
          const rows = await this.eraser.takeTimeline(
            tx,
            stretches,
            subject.erasedAt,
            eventsPerTransaction,
          );
          const entries = rows.map(({ position, key, payload }) => {
            const hash = this.tombstones.hashOf(key);
            const event = emptiedEvent(JSON.parse(payload) as AcceptedEvent, `erased-${hash}`);
            return { position, hash, key: `erased/${hash}`, text: JSON.stringify(event) };
          });
          await this.eraser.empty(tx, entries);
          const hashes = entries.map(({ hash }) => hash);
          await this.tombstones.add(tx, hashes, new Date(subject.erasedAt));
          return rows.length;
        },
        { isBackground: true },
      );
      // Payloads were changed: what processes remember of the stream is read anew.
      this.database.wakeUps.wake(scrubbedTopic);
      if (emptied === 0) return { isDone: true, next: null };
      if (performance.now() > endMs) return { isDone: false, next: null };
    }
  }

  private scrubMentions(
    subject: ErasedSubject,
    redactor: Redactor,
    { upTo, next }: Progress,
  ): Promise<ErasureStep> {
    const rewrite = ({ key, payload }: { key: string; payload: unknown }) => {
      const event = payload as AcceptedEvent;
      // Newer than the erasure: somebody who came back, of own accord.
      if (event.occurredAt > subject.erasedAt || key.startsWith("erased/")) return null;
      const scrubbed = withoutMentions(event, redactor);
      return { key: redactor.text(key), payload: scrubbed };
    };
    const { parts, digits } = redactor;
    return scrubStream(this.database, "events", { upTo, parts, digits, keys: [], rewrite }, next);
  }

  private async emptyQuarantine(
    { erasedAt }: ErasedSubject,
    redactor: Redactor,
  ): Promise<ErasureStep> {
    const rows = await this.eraser.quarantineMentions(this.database, redactor, erasedAt);
    const theirs = rows.filter(({ payload }) =>
      isAbout(JSON.parse(payload) as Record<string, unknown>, redactor),
    );
    const hashes = theirs.map(({ key }) => this.tombstones.hashOf(key));
    await this.tombstones.add(this.database, hashes, new Date(erasedAt));
    await this.eraser.removeQuarantined(
      this.database,
      theirs.map(({ place }) => place),
    );
    return { isDone: theirs.length === 0, next: null };
  }

  private sweep(redactor: Redactor, { next }: Progress): Promise<ErasureStep> {
    return sweepSchema(this.database, "events", redactor, next, sweptElsewhere);
  }
}

function goOn(
  step: ErasureStep,
  progress: Progress,
  following: Progress["stage"] | null,
): ErasureStep {
  if (step.isDone && following === null) return { isDone: true, next: null };
  const now: Progress = step.isDone
    ? { ...progress, stage: following!, next: null }
    : { ...progress, next: step.next };
  return { isDone: false, next: JSON.stringify(now) };
}
