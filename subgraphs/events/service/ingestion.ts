import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { readEvent, type Envelope, type Violation } from "../domain/read-event.ts";
import type { ReadRequest } from "../domain/read-request.ts";
import type { EventRow } from "../store/event-log.ts";
import { rowOf } from "./event-row.ts";
import type { ContractRegistry } from "./contract-registry.ts";
import type { ErasedEvents } from "./erased-events.ts";
import type { EventWriter } from "./event-writer.ts";
import type { IngestionCounts } from "./source-statistics.ts";

/** An event that was not taken, by its place in the request, and why. */
export interface RejectedEvent {
  index: number;
  messageId: string | null;
  problems: Problem[];
}

/** What became of the events of one request; the four numbers add up to its events. */
export interface IngestionResult {
  accepted: number;
  /** Known already by their message id. */
  duplicates: number;
  /** Kept whole, waiting to be mended. */
  quarantined: number;
  rejected: RejectedEvent[];
}

/** Events of a request, ready to be written, and those that are not. */
interface Prepared {
  rows: EventRow[];
  indexes: number[];
  rejected: RejectedEvent[];
}

/** Turns requests into events on disk. One for all ways in: HTTP, GraphQL, replay. */
export class Ingestion {
  private readonly writer: EventWriter;
  private readonly contracts: ContractRegistry;
  private readonly counts: IngestionCounts;
  private readonly clock: Clock;
  private readonly erased: ErasedEvents;

  constructor(parts: {
    writer: EventWriter;
    contracts: ContractRegistry;
    counts: IngestionCounts;
    clock: Clock;
    erased: ErasedEvents;
  }) {
    this.writer = parts.writer;
    this.contracts = parts.contracts;
    this.counts = parts.counts;
    this.clock = parts.clock;
    this.erased = parts.erased;
  }

  /**
   * Takes the events of a request; fulfilled when what was accepted is on disk. Each event stands for
   * itself: none takes another with it. Throws OVERLOADED or UNAVAILABLE (both retryable).
   */
  async ingest(source: string, request: ReadRequest): Promise<IngestionResult> {
    this.writer.checkRoom(request.events.length);
    const prepared = this.prepare(source, request);
    const { rejected } = prepared;
    const result: IngestionResult = { accepted: 0, duplicates: 0, quarantined: 0, rejected };
    const { rows, indexes } = this.erased.isNeeded
      ? await this.withoutErased(prepared, result)
      : prepared;
    const outcomes = await this.writer.submit(rows);
    outcomes.forEach((outcome, at) => {
      if (outcome === "ACCEPTED") result.accepted += 1;
      else if (outcome === "DUPLICATE") result.duplicates += 1;
      else if (outcome === "QUARANTINED") result.quarantined += 1;
      else rejected.push(notStorable(indexes[at]!, rows[at]!));
    });
    rejected.sort((a, b) => a.index - b.index);
    this.counts.add(source, result, this.clock.now());
    return result;
  }

  /** Takes out what was erased since it was sent first. */
  private async withoutErased(
    { rows, indexes, rejected }: Prepared,
    result: IngestionResult,
  ): Promise<Pick<Prepared, "rows" | "indexes">> {
    const kept: Pick<Prepared, "rows" | "indexes"> = { rows: [], indexes: [] };
    (await this.erased.sift(rows)).forEach((sifted, at) => {
      if ("row" in sifted) {
        kept.rows.push(sifted.row);
        kept.indexes.push(indexes[at]!);
      } else if (sifted.refused === "DUPLICATE") result.duplicates += 1;
      else rejected.push(subjectErased(indexes[at]!, rows[at]!.event.messageId));
    });
    return kept;
  }

  private prepare(source: string, request: ReadRequest): Prepared {
    const envelope: Envelope = {
      source,
      receivedAt: this.clock.now().getTime(),
      sentAt: request.sentAt,
      timestamp: request.timestamp,
      context: request.context,
      type: request.type,
      isWithinEventBytes: request.isWithinEventBytes,
    };
    const rows: EventRow[] = [];
    const indexes: number[] = [];
    const rejected: RejectedEvent[] = [];
    request.events.forEach((raw, index) => {
      const read = this.prepareOne(raw, envelope);
      if ("problems" in read) {
        rejected.push({ index, ...read });
        return;
      }
      rows.push(read);
      indexes.push(index);
    });
    return { rows, indexes, rejected };
  }

  private prepareOne(raw: unknown, envelope: Envelope): EventRow | Omit<RejectedEvent, "index"> {
    const read = readEvent(raw, envelope, () => newId("msg", envelope.receivedAt));
    if (!read.ok) return { messageId: read.messageId, problems: read.problems };
    const { event } = read;
    const verdict = this.contracts.check(event);
    const violations: Violation[] = [...read.violations, ...verdict.violations];
    const key = `${event.source}/${event.messageId}`;
    if (violations.length === 0) return rowOf(key, event);
    const { messageId, name, receivedAt, source, type } = event;
    const head = { messageId, source, event: name, type, receivedAt, violations };
    const payload = JSON.stringify(asSent(raw as Record<string, unknown>, event, envelope));
    return { key, payload, event, quarantine: { ...head, contractVersion: verdict.version } };
  }
}

/**
 * In quarantine an event waits as it was sent, with what it inherited, to be read as if new. The write
 * key, which browsers send in the body, is nobody's to read.
 */
function asSent(raw: Record<string, unknown>, event: AcceptedEvent, envelope: Envelope) {
  const { writeKey: _, ...sent } = raw;
  const isTimed = raw.timestamp != null || raw.originalTimestamp != null;
  const sentAt = raw.sentAt ?? envelope.sentAt;
  return {
    ...sent,
    type: event.type.toLowerCase(),
    messageId: event.messageId,
    context: event.context,
    ...(sentAt == null ? {} : { sentAt }),
    ...(isTimed || envelope.timestamp == null ? {} : { timestamp: envelope.timestamp }),
  };
}

function subjectErased(index: number, messageId: string): RejectedEvent {
  const message = "The one it is about was erased after it happened.";
  return { index, messageId, problems: [problem("SUBJECT_ERASED", message)] };
}

function notStorable(index: number, row: EventRow): RejectedEvent {
  const messageId = row.key.slice(row.key.indexOf("/") + 1);
  const problems = [problem("NOT_STORABLE", "The event holds something that cannot be stored.")];
  return { index, messageId, problems };
}
