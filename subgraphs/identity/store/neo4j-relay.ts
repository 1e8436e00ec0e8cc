import type { Database, Migration, Transaction } from "../../../kernel/database/database.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { GraphDatabase } from "../../../kernel/graph/graph-database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { ReviewNote } from "../domain/review-note.ts";
import {
  type Announcement,
  parkedKind,
  readAnnouncements,
  removeAnnouncements,
  reviewNoteKind,
} from "./neo4j-announcements.ts";
import type { ParkedEvent } from "./events-reader.ts";
import { Loop, type StepOutcome } from "../../../kernel/time/loop.ts";
import { prepareWriter } from "./neo4j-turn.ts";
import { applyReviewNote } from "./review-notes.ts";

const copiedPerTransactionMax = 1_000;
/** Units of work. */
const removedPerTransactionMax = 100;
const removalIntervalMs = 1_000;
const pollIntervalMs = 500;
/** Announcements kept in memory on their way; more are read from the graph again. */
const queuedMax = 5_000;

/** Beside the graph: up to which announcement each graph was copied to stream `identity`. */
export const relayMigrations: Migration[] = [
  {
    name: "0001-graph-relays",
    sql: `
      create schema if not exists identity;
      create table identity.graph_relays (
        graph_id text primary key,
        position bigint not null
      ) with (fillfactor = 10);`,
  },
];

export interface RelayParts {
  graph: GraphDatabase;
  database: Database;
  streams: Streams;
  logger: Logger;
}

/**
 * Copies announcements from the graph to stream `identity`, in order and once each: the position up
 * to which that is done moves in the transaction that appends them. They leave the graph
 * afterwards.
 */
export class AnnouncementRelay {
  private readonly parts: RelayParts;
  private readonly graphId: string;
  private readonly loop: Loop;
  private readonly waiting = new Set<() => void>();
  /** What this process has committed lately, ascending. */
  private queue: Announcement[] = [];
  private copied: number;
  private removed = 0;
  private removedAtMs = 0;
  private removal: Promise<void> | null = null;
  private readEvents: number;
  private registeredEvents = -1;

  private constructor(parts: RelayParts, graphId: string, copied: number, readEvents: number) {
    this.parts = parts;
    this.graphId = graphId;
    this.copied = copied;
    this.readEvents = readEvents;
    this.loop = new Loop(() => this.step(), pollIntervalMs);
  }

  /** Throws UNAVAILABLE when the graph was built from the events of another database. */
  static async start(parts: RelayParts): Promise<{ relay: AnnouncementRelay; announced: number }> {
    const { graphId, announced, eventsPosition } = await prepareWriter(parts.graph);
    if (announced === 0 && eventsPosition === 0) {
      await parts.database.query(
        `insert into identity.graph_relays (graph_id, position) values ($1, 0)
         on conflict do nothing`,
        [graphId],
      );
    }
    const [row] = await parts.database.query<{ position: number }>(
      "select position from identity.graph_relays where graph_id = $1",
      [graphId],
    );
    if (!row) {
      throw new DomainError(
        "UNAVAILABLE",
        `The graph in Neo4j at ${parts.graph.host} belongs to another PostgreSQL database than ` +
          "this one. Use the two that belong together, or empty the graph: it is built again " +
          "from the events.",
      );
    }
    return {
      relay: new AnnouncementRelay(parts, graphId, row.position, eventsPosition),
      announced,
    };
  }

  /** Position of the last announcement known to be copied. */
  get position(): number {
    return this.copied;
  }

  /** Takes what was committed, and up to where the events are in the graph. */
  take(announced: readonly Announcement[], eventsPosition: number): void {
    this.readEvents = Math.max(this.readEvents, eventsPosition);
    this.queue.push(...announced);
    // Too many to keep: they are in the graph as well.
    if (this.queue.length > queuedMax) this.queue = [];
    this.loop.wake();
  }

  /** Resolves when announcements up to a position are on the stream, or after `deadlineMs`. */
  async hasCopied(position: number, deadlineMs: number): Promise<void> {
    if (this.copied >= position) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.copied >= position || this.loop.isEnding) finish();
      };
      const finish = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(finish, deadlineMs);
      this.waiting.add(look);
    });
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.removal;
    for (const look of [...this.waiting]) look();
  }

  private async step(): Promise<StepOutcome> {
    try {
      const entries = this.queued() ?? (await this.readPage());
      if (entries.length > 0 || this.registeredEvents < this.readEvents) await this.copy(entries);
      for (const look of [...this.waiting]) look();
      this.removal ??= this.removeCopied().finally(() => (this.removal = null));
      return entries.length > 0 ? "worked" : "idle";
    } catch (error) {
      if (!this.loop.isEnding)
        this.parts.logger.warn("announcements wait for an engine", { error });
      return "failed";
    }
  }

  /** What follows the last copy, when it is at hand without a gap. */
  private queued(): Announcement[] | null {
    const first = this.copied + 1;
    this.queue = this.queue.filter(({ position }) => position >= first);
    const page = this.queue
      .slice(0, copiedPerTransactionMax)
      .filter(({ position }, place) => position === first + place);
    return page.length > 0 ? page : null;
  }

  /** What other processes and earlier lives have left, and what was too much to queue. */
  private async readPage(): Promise<Announcement[]> {
    this.queue = await this.parts.graph.read((tx) => readAnnouncements(tx, this.copied));
    return this.queued() ?? [];
  }

  private async copy(entries: readonly Announcement[]): Promise<void> {
    const events = this.readEvents;
    this.copied = await this.parts.database.transaction(async (tx) => {
      const [row] = await tx.query<{ position: number }>(
        {
          name: "identity-relay",
          text: "select position from identity.graph_relays where graph_id = $1 for update",
        },
        [this.graphId],
      );
      // Another process may have copied some of them meanwhile.
      const fresh = entries.filter(({ position }) => position > row!.position);
      await this.registerEvents(tx, events);
      const last = fresh.at(-1);
      if (!last) return row!.position;
      await tx.query(
        {
          name: "identity-relay-move",
          text: "update identity.graph_relays set position = $2 where graph_id = $1",
        },
        [this.graphId, last.position],
      );
      await this.append(tx, fresh);
      return last.position;
    });
    this.registeredEvents = events;
  }

  private async append(tx: Transaction, entries: readonly Announcement[]): Promise<void> {
    const parked = entries.filter(({ kind }) => kind === parkedKind);
    for (const { payload } of parked) {
      const { position, reason, parkedAt } = payload as ParkedEvent;
      await tx.query(
        `insert into streams.parked (consumer, stream, position, reason, parked_at)
         values ('identity', 'events', $1, $2, $3) on conflict do nothing`,
        [position, reason, parkedAt],
      );
    }
    for (const { kind, payload } of entries) {
      if (kind === reviewNoteKind) await applyReviewNote(tx, payload as ReviewNote);
    }
    const announced = entries.filter(({ kind }) => kind !== parkedKind && kind !== reviewNoteKind);
    await this.parts.streams.append(tx, "identity", announced);
  }

  /**
   * Where the graph stands, for retention: what it has not read is kept. Never ahead of the truth.
   */
  private async registerEvents(tx: Transaction, position: number): Promise<void> {
    if (position <= this.registeredEvents) return;
    await tx.query(
      `insert into streams.cursors as c (consumer, stream, position)
       values ('identity', 'events', $1)
       on conflict (consumer, stream)
         do update set position = greatest(c.position, excluded.position)`,
      [position],
    );
  }

  /** Seldom, as each time is a commit of its own, and beside the copying, which is waited for. */
  private async removeCopied(): Promise<void> {
    const upTo = this.copied;
    const isDue = performance.now() - this.removedAtMs >= removalIntervalMs;
    if (upTo === this.removed || !isDue) return;
    try {
      const removed = await this.parts.graph.write((tx) =>
        removeAnnouncements(tx, upTo, removedPerTransactionMax),
      );
      if (removed === removedPerTransactionMax) return;
      this.removed = upTo;
    } catch (error) {
      if (!this.loop.isEnding)
        this.parts.logger.warn("announcements on the stream could not be removed yet", { error });
    }
    this.removedAtMs = performance.now();
  }
}
