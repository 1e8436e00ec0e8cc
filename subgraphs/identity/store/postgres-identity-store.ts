import type {
  Database,
  Transaction,
  TransactionOptions,
} from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { GraphScan } from "./graph-scan.ts";
import type { IdentityReader } from "./identity-reader.ts";
import type { EventsConsumer, IdentityGraph, IdentityStore } from "./identity-store.ts";
import { GraphCache } from "./graph-cache.ts";
import { PostgresGraph } from "./postgres-graph.ts";
import type { CensusTaker } from "./graph-census.ts";
import { PostgresCensus } from "./postgres-census.ts";
import { PostgresReader } from "./postgres-reader.ts";
import { PostgresScan } from "./postgres-scan.ts";
import { nobodyFollows, type PolicyFollower, type PolicyStanding } from "./policy-follower.ts";
import { policyBody } from "./policy-body.ts";

const batchEvents = 500;

/**
 * The identity graph in PostgreSQL or PGlite. Writers take turns by the lock of one row, taken
 * before anything is read: so what a unit of work has read stays true until it commits, crossing
 * merges cannot deadlock, and parallel identifies of one new id make one person.
 */
export class PostgresIdentityStore implements IdentityStore {
  readonly reader: IdentityReader;
  readonly census: CensusTaker;
  readonly scan: GraphScan;
  private readonly database: Database;
  private readonly streams: Streams;
  private readonly follower: PolicyFollower;
  private readonly cache = new GraphCache();

  constructor(database: Database, streams: Streams, follower: PolicyFollower = nobodyFollows) {
    this.database = database;
    this.streams = streams;
    this.follower = follower;
    this.reader = new PostgresReader(database);
    this.census = new PostgresCensus(database);
    this.scan = new PostgresScan(database);
  }

  write<T>(
    work: (graph: IdentityGraph) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.database.transaction(async (tx) => work(await this.alone(tx)), options);
  }

  consumeEvents(
    handle: (graph: IdentityGraph, entries: StreamEntry[]) => Promise<void>,
  ): EventsConsumer {
    return this.streams.consume({
      consumer: "identity",
      stream: "events",
      isFollowed: true,
      batchSize: batchEvents,
      handle: async (tx, entries) => handle(await this.alone(tx), entries),
    });
  }

  async policyStanding(): Promise<PolicyStanding> {
    const [row] = await this.database.query<WriterRow>(
      "select policy_version, policy_activation from identity.writer",
    );
    return standingOf(row!);
  }

  private async alone(tx: Transaction): Promise<IdentityGraph> {
    const [row] = await tx.query<WriterRow & { revision: number; erased_at: string | null }>({
      name: "identity-writer",
      text: `update identity.writer set revision = revision + 1
             returning revision, erased_at, policy_version, policy_activation`,
    });
    await this.follower.follow(standingOf(row!), (version) => policyBody(tx, version));
    return new PostgresGraph(tx, this.streams, this.cache, {
      revision: row!.revision,
      lastErasedAt: row!.erased_at,
    });
  }
}

interface WriterRow extends Record<string, unknown> {
  policy_version: number;
  policy_activation: number;
}

function standingOf({ policy_version, policy_activation }: WriterRow): PolicyStanding {
  return { version: policy_version, activation: policy_activation };
}
