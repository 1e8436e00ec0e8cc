import { auth, driver } from "neo4j-driver";
import type { Database } from "../../kernel/database/database.ts";
import type { GraphDatabase } from "../../kernel/graph/graph-database.ts";
import { openNeo4jDatabase } from "../../kernel/graph/neo4j-database.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { Neo4jIdentityStore } from "../../subgraphs/identity/store/neo4j-identity-store.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";

/** Where the tests' Neo4j is; these tests fail without one. */
export function neo4jUri(): string {
  const uri = process.env.TEST_NEO4J_URI;
  if (!uri || !process.env.TEST_DATABASE_URL) {
    throw new Error("this test needs TEST_NEO4J_URI and TEST_DATABASE_URL");
  }
  return uri;
}

/**
 * Neo4j Community has one database: a test file begins by emptying it, so such files run one by
 * one.
 */
export async function openEmptyGraph(uri = neo4jUri()): Promise<GraphDatabase> {
  const admin = driver(neo4jUri(), auth.basic("neo4j", ""));
  const session = admin.session();
  await session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS");
  await session.close();
  await admin.close();
  return openGraph(uri);
}

export function openGraph(uri = neo4jUri()): Promise<GraphDatabase> {
  return openNeo4jDatabase({ uri, username: "neo4j", password: "" });
}

export interface Engines {
  graph: GraphDatabase;
  database: Database;
  streams: Streams;
}

export const logger = createLogger((process.env.TEST_LOG_LEVEL ?? "silent") as "silent");

/** An empty graph beside a fresh PostgreSQL database. */
export async function openEngines(): Promise<Engines> {
  const graph = await openEmptyGraph();
  const database = await openTestDatabase();
  const streams = await Streams.open(database, logger, systemClock);
  return { graph, database, streams };
}

export function openStoreOn({ graph, database, streams }: Engines): Promise<Neo4jIdentityStore> {
  return Neo4jIdentityStore.open({ database, streams, clock: systemClock, logger }, graph);
}

export function accept(
  { database, streams }: Pick<Engines, "database" | "streams">,
  events: readonly AcceptedEvent[],
): Promise<void> {
  return database.transaction((tx) =>
    streams.append(
      tx,
      "events",
      events.map((payload) => ({
        key: `${payload.source}/${payload.messageId}`,
        kind: "ACCEPTED",
        payload,
      })),
    ),
  );
}

/** Waits until all accepted events are in the graph and told. */
export async function settled(store: Neo4jIdentityStore): Promise<void> {
  while (!(await store.isSettled())) await new Promise((resolve) => setTimeout(resolve, 5));
}
