import type { Transaction, TransactionOptions } from "../../../kernel/database/database.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { EventsReader } from "./events-reader.ts";
import { GraphCache } from "./graph-cache.ts";
import type { CensusTaker } from "./graph-census.ts";
import type { GraphScan } from "./graph-scan.ts";
import type { IdentityReader } from "./identity-reader.ts";
import type { EventsConsumer, IdentityGraph, IdentityStore } from "./identity-store.ts";
import { policyBody } from "./policy-body.ts";
import { nobodyFollows, type PolicyFollower, type PolicyStanding } from "./policy-follower.ts";
import { PostgresCensus } from "./postgres-census.ts";
import { PostgresGraph } from "./postgres-graph.ts";
import { PostgresReader } from "./postgres-reader.ts";
import { PostgresScan } from "./postgres-scan.ts";
import { readStanding, takeTurn, versionOf } from "./postgres-turn.ts";
import { type PostgresUnit, postgresUnits } from "./postgres-units.ts";
import type { UnitRunner } from "./units.ts";

const batchEvents = 500;

type Handle = (graph: IdentityGraph, entries: StreamEntry[]) => Promise<void>;

type StoreParts = Pick<Platform, "database" | "streams" | "clock" | "logger"> & {
  follower?: PolicyFollower;
};

/**
 * The identity graph in PostgreSQL or PGlite. Writers take turns by the lock of one row: so what a
 * unit of work has read stays true until it commits, crossing merges cannot deadlock, and parallel
 * identifies of one new id make one person. On PostgreSQL a unit begins while the one before it is
 * written; embedded there is one session, so one comes after the other there.
 */
export class PostgresIdentityStore implements IdentityStore {
  readonly reader: IdentityReader;
  readonly census: CensusTaker;
  readonly scan: GraphScan;
  private readonly parts: StoreParts;
  private readonly follower: PolicyFollower;
  /** Null: one session alone. */
  private readonly units: UnitRunner<PostgresUnit> | null;
  private readonly cache = new GraphCache();

  constructor(parts: StoreParts) {
    const { database, streams, follower = nobodyFollows } = parts;
    this.parts = parts;
    this.follower = follower;
    const isAlone = database.engine === "pglite";
    this.units = isAlone ? null : postgresUnits({ database, streams, follower });
    this.reader = new PostgresReader(database);
    this.census = new PostgresCensus(database);
    this.scan = new PostgresScan(database);
  }

  async write<T>(
    work: (graph: IdentityGraph) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const { database } = this.parts;
    if (!this.units) return database.transaction(async (tx) => work(await this.alone(tx)), options);
    const done = await this.units.run(async ({ graph }) => ({
      result: await work(graph),
      writes: true,
    }));
    return done.result;
  }

  consumeEvents(handle: Handle): EventsConsumer {
    const { streams } = this.parts;
    if (this.units) return this.consumeAhead(this.units, handle);
    return streams.consume({
      consumer: "identity",
      stream: "events",
      isFollowed: true,
      batchSize: batchEvents,
      handle: async (tx, entries) => handle(await this.alone(tx), entries),
    });
  }

  policyStanding(): Promise<PolicyStanding> {
    return readStanding(this.parts.database);
  }

  private consumeAhead(units: UnitRunner<PostgresUnit>, handle: Handle): EventsConsumer {
    const reader = new EventsReader<PostgresUnit>({
      ...this.parts,
      units,
      handle,
      park: async ({ tx }, _key, { position, reason, parkedAt }) =>
        tx.write(
          `insert into streams.parked (consumer, stream, position, reason, parked_at)
           values ('identity', 'events', $1, $2, $3) on conflict do nothing`,
          [position, reason, parkedAt],
        ),
    });
    this.parts.streams.alsoSettles(() => reader.isSettled());
    return reader;
  }

  private async alone(tx: Transaction): Promise<IdentityGraph> {
    const { cache } = this;
    const mark = newId("version");
    const { revision, version, policy, lastErasedAt } = await takeTurn(tx, mark);
    await this.follower.follow(policy, (wanted) => policyBody(tx, wanted));
    cache.begin(version);
    const { streams } = this.parts;
    const graph = new PostgresGraph({ tx, early: tx, streams, memory: cache, lastErasedAt });
    tx.afterCommit(() => cache.commit(versionOf(revision + 1, mark), graph.seen));
    return graph;
  }
}
