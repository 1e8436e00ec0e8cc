import { migrate } from "../../../kernel/database/migrate.ts";
import { invariant } from "../../../kernel/errors/invariant.ts";
import type { GraphDatabase } from "../../../kernel/graph/graph-database.ts";
import { migrateGraph } from "../../../kernel/graph/migrate-graph.ts";
import { openNeo4jDatabase } from "../../../kernel/graph/neo4j-database.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { CensusTaker } from "./graph-census.ts";
import type { GraphScan } from "./graph-scan.ts";
import type { IdentityReader } from "./identity-reader.ts";
import type { IdentityGraph, IdentityStore } from "./identity-store.ts";
import { EventsReader } from "./events-reader.ts";
import { identityMigrations } from "./migrations.ts";
import { parkedKind } from "./neo4j-announcements.ts";
import { Neo4jCensus } from "./neo4j-census.ts";
import { Neo4jReader } from "./neo4j-reader.ts";
import { Neo4jScan } from "./neo4j-scan.ts";
import { AnnouncementRelay, relayMigrations } from "./neo4j-relay.ts";
import { identityGraphMigrations, refuseEarlierGraph } from "./neo4j-schema.ts";
import { readStanding } from "./neo4j-turn.ts";
import { type Neo4jUnit, neo4jUnits } from "./neo4j-units.ts";
import { nobodyFollows, type PolicyFollower, type PolicyStanding } from "./policy-follower.ts";
import type { UnitRunner } from "./units.ts";

/**
 * How long a unit of work waits for its announcements to reach the stream; they are safe either
 * way.
 */
const copyDeadlineMs = 5_000;

type StoreParts = Pick<Platform, "database" | "streams" | "clock" | "logger"> & {
  follower?: PolicyFollower;
};

/** Connects to the configured Neo4j. Throws UNAVAILABLE, naming host and reason. */
export async function openNeo4jIdentityStore(
  platform: Platform,
  follower: PolicyFollower,
): Promise<Neo4jIdentityStore> {
  const { neo4j } = platform.config;
  invariant(neo4j, "the graph on Neo4j is configured");
  const { uri, username, password } = neo4j;
  const graph = await openNeo4jDatabase({ uri, username, password: password.reveal() });
  try {
    return await Neo4jIdentityStore.open({ ...platform, follower }, graph);
  } catch (error) {
    await graph.close().catch(() => undefined);
    throw error;
  }
}

/**
 * The identity graph in Neo4j. What it announces is left in the graph by the transaction that makes
 * it true, and copied from there to stream `identity` in PostgreSQL.
 */
export class Neo4jIdentityStore implements IdentityStore {
  readonly reader: IdentityReader;
  readonly census: CensusTaker;
  readonly scan: GraphScan;
  private readonly parts: StoreParts;
  private readonly graph: GraphDatabase;
  private readonly relay: AnnouncementRelay;
  private readonly consumers = new Set<EventsReader<Neo4jUnit>>();
  private announced: number;
  private isClosed = false;
  private readonly units: UnitRunner<Neo4jUnit>;

  private constructor(
    parts: StoreParts,
    graph: GraphDatabase,
    relay: AnnouncementRelay,
    announced: number,
  ) {
    this.parts = parts;
    this.graph = graph;
    this.relay = relay;
    this.announced = announced;
    const { database, follower = nobodyFollows } = parts;
    this.units = neo4jUnits({ graph, database, follower });
    this.reader = new Neo4jReader(graph);
    this.census = new Neo4jCensus(graph);
    this.scan = new Neo4jScan(graph);
  }

  /** Brings the schemas of both engines up to date and starts the relay. */
  static async open(parts: StoreParts, graph: GraphDatabase): Promise<Neo4jIdentityStore> {
    const { database, streams, logger } = parts;
    await refuseEarlierGraph(graph);
    await migrateGraph(graph, "identity", identityGraphMigrations);
    // The relay brings the review queue up to date, which stands beside the graph.
    await migrate(database, "identity", identityMigrations);
    await migrate(database, "identity-graph", relayMigrations);
    const { relay, announced } = await AnnouncementRelay.start({
      graph,
      database,
      streams,
      logger,
    });
    const store = new Neo4jIdentityStore(parts, graph, relay, announced);
    streams.alsoSettles(async () => store.isClosed || (await store.isSettled()));
    return store;
  }

  async write<T>(work: (graph: IdentityGraph) => Promise<T>): Promise<T> {
    const unitId = newId("unit");
    let done: { result: T } | null = null;
    const { result, unit } = await this.units.run<T>(async (mine) => {
      mine.id = unitId;
      // The answer to an earlier commit was lost: it happened, and must not happen again.
      if (done && mine.begun.recentUnits.includes(unitId)) return { ...done, writes: false };
      done = { result: await work(mine.graph) };
      return { ...done, writes: true };
    });
    this.committed(unit);
    await this.relay.hasCopied(unit.announced, copyDeadlineMs);
    return result;
  }

  consumeEvents(
    handle: (graph: IdentityGraph, entries: StreamEntry[]) => Promise<void>,
  ): EventsReader<Neo4jUnit> {
    const consumer = new EventsReader<Neo4jUnit>({
      ...this.parts,
      units: this.units,
      handle,
      committed: (unit) => this.committed(unit),
      // The note goes the way of the announcements, so that it is made once.
      park: ({ graph }, key, payload) => graph.announce([{ kind: parkedKind, key, payload }]),
    });
    this.consumers.add(consumer);
    return consumer;
  }

  policyStanding(): Promise<PolicyStanding> {
    return readStanding(this.graph);
  }

  /** Throws when the graph cannot be reached; its message says why. */
  ready(): Promise<void> {
    return this.graph.check();
  }

  /** Whether all accepted events are in the graph and all announcements on the stream. */
  async isSettled(): Promise<boolean> {
    for (const consumer of this.consumers) if (!(await consumer.isSettled())) return false;
    return this.relay.position >= this.announced;
  }

  /** Ends consumers and relay after what they are at, then the connections. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.consumers].map((consumer) => consumer.stop()));
    await this.relay.stop();
    await this.graph.close();
  }

  private committed({ graph, announced, eventsPosition }: Neo4jUnit): void {
    this.announced = Math.max(this.announced, announced);
    this.relay.take(graph.announced, eventsPosition);
  }
}
