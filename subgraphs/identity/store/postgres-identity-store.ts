import type { Database, Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { IdentityReader } from "./identity-reader.ts";
import type { EventsConsumer, IdentityGraph, IdentityStore } from "./identity-store.ts";
import { PostgresGraph } from "./postgres-graph.ts";
import { PostgresReader } from "./postgres-reader.ts";

/** Held by whoever writes the graph, until commit; the number is any that nobody else uses. */
const writerLock = 7_164_320_201;
const batchEvents = 500;

/**
 * The identity graph in PostgreSQL or PGlite. Writers take turns by an advisory lock, taken before
 * anything is read: so what a unit of work has read stays true until it commits, crossing merges cannot
 * deadlock, and parallel identifies of one new id make one person.
 */
export class PostgresIdentityStore implements IdentityStore {
  readonly reader: IdentityReader;
  private readonly database: Database;
  private readonly streams: Streams;

  constructor(database: Database, streams: Streams) {
    this.database = database;
    this.streams = streams;
    this.reader = new PostgresReader(database);
  }

  write<T>(work: (graph: IdentityGraph) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => work(await this.alone(tx)));
  }

  consumeEvents(
    handle: (graph: IdentityGraph, entries: StreamEntry[]) => Promise<void>,
  ): EventsConsumer {
    return this.streams.consume({
      consumer: "identity",
      stream: "events",
      batchSize: batchEvents,
      handle: async (tx, entries) => handle(await this.alone(tx), entries),
    });
  }

  private async alone(tx: Transaction): Promise<IdentityGraph> {
    // Embedded there is a single session: everybody is alone already.
    if (this.database.engine === "postgres") {
      await tx.query({ name: "identity-writer", text: "select pg_advisory_xact_lock($1)" }, [writerLock]);
    }
    return new PostgresGraph(tx, this.streams);
  }
}
