import type {
  IdentityChange,
  ProfileChange,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { ReadEvent } from "./read-events.ts";

/** A batch whose first event was accepted so long ago is late: its order is told. */
const lateAfterMs = 1_000;

/**
 * When what a batch says became known, in epoch ms: with the acceptance of its event, or else with
 * its own entry.
 */
export class BatchMoments {
  /** Of events, by position. */
  readonly knownAtMs = new Map<number, number>();
  readonly isLate: boolean;
  private readonly nowMs: number;
  private readonly shapes = new Map<string, { firstMs: number; lastMs: number }>();
  private readonly events = new Map<string, { firstMs: number; count: number }>();

  constructor(entries: readonly StreamEntry[], events: readonly ReadEvent[], nowMs: number) {
    this.nowMs = nowMs;
    const messages = new Map<string, number>();
    for (const { position, at, event } of events) {
      const atMs = Math.min(at.getTime(), nowMs);
      this.knownAtMs.set(position, atMs);
      messages.set(event.messageId, Math.min(messages.get(event.messageId) ?? nowMs, atMs));
    }
    for (const entry of entries) {
      if (entry.kind !== "CHANGE" && entry.kind !== "PROFILE") continue;
      const said = entry.payload as IdentityChange | ProfileChange;
      const atMs = Math.min(entry.at.getTime(), messages.get(said.cause.messageId ?? "") ?? nowMs);
      for (const personId of personsIn(said)) this.shaped(personId, atMs);
    }
    this.isLate = isLate(entries, events, nowMs);
  }

  private shaped(personId: string, atMs: number): void {
    const { firstMs = atMs, lastMs = atMs } = this.shapes.get(personId) ?? {};
    this.shapes.set(personId, {
      firstMs: Math.min(firstMs, atMs),
      lastMs: Math.max(lastMs, atMs),
    });
  }

  /** An event of the batch is this person's. */
  happened(personId: string, position: number): void {
    const atMs = this.knownAtMs.get(position) ?? this.nowMs;
    const { firstMs = atMs, count = 0 } = this.events.get(personId) ?? {};
    this.events.set(personId, { firstMs: Math.min(firstMs, atMs), count: count + 1 });
  }

  /** Whose identifiers or traits changed, with the first instant of it. */
  *firstShapes(): Iterable<[personId: string, atMs: number]> {
    for (const [personId, { firstMs }] of this.shapes) yield [personId, firstMs];
  }

  isShaped(personId: string): boolean {
    return this.shapes.has(personId);
  }

  /** From when on a person is as the batch left him, but for his events: now, unless it is late. */
  standsFromMs(personId: string): number {
    if (!this.isLate) return this.nowMs;
    return this.shapes.get(personId)?.lastMs ?? this.events.get(personId)?.firstMs ?? this.nowMs;
  }

  /** Events of the batch that are this person's. */
  countOf(personId: string): number {
    return this.events.get(personId)?.count ?? 0;
  }
}

/** Whether a batch is so late that it is played in its own order of time. */
export function isLate(
  entries: readonly StreamEntry[],
  events: readonly ReadEvent[],
  nowMs: number,
): boolean {
  const beganMs = Math.min(entries[0]?.at.getTime() ?? nowMs, events[0]?.at.getTime() ?? nowMs);
  return beganMs < nowMs - lateAfterMs;
}

/** Whose identifiers or traits it changes. */
export function personsIn(said: IdentityChange | ProfileChange): Set<string> {
  if (!("moves" in said)) return new Set([said.personId]);
  const moved = said.moves.flatMap(({ from, to }) => [from, to]);
  return new Set([...said.personIds, ...moved.filter((personId) => personId !== null)]);
}
