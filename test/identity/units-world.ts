import { migrate } from "../../kernel/database/migrate.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import type { IdentityStore } from "../../subgraphs/identity/store/identity-store.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import { Neo4jIdentityStore } from "../../subgraphs/identity/store/neo4j-identity-store.ts";
import type { PolicyFollower } from "../../subgraphs/identity/store/policy-follower.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import type { portrait } from "./told-story.ts";
import { type Engines, logger, openEngines, openGraph } from "./neo4j-world.ts";
import { type Seen, type Trouble, troubledDatabase, troubledGraph } from "./troubled-engine.ts";

type Portrait = Awaited<ReturnType<typeof portrait>>;

/** A store on an engine with trouble, all of it still to come. */
export interface UnitsWorld extends Pick<Engines, "database" | "streams"> {
  store: IdentityStore;
  seen: Seen;
  /** As another process has it. */
  other: IdentityStore;
  end(): Promise<void>;
}

export type OpenUnits = (trouble: Trouble, follower?: PolicyFollower) => Promise<UnitsWorld>;

async function openOnNeo4j(trouble: Trouble, follower?: PolicyFollower): Promise<UnitsWorld> {
  const { graph, database, streams } = await openEngines();
  const { wrapped, seen } = troubledGraph(graph, trouble);
  const parts = { database, streams, clock: systemClock, logger };
  const store = await Neo4jIdentityStore.open({ ...parts, ...(follower && { follower }) }, wrapped);
  const other = await Neo4jIdentityStore.open(parts, await openGraph());
  seen.isOpen = true;
  const end = async () => {
    await other.close();
    await store.close();
    await streams.stop();
    await database.close();
  };
  return { database, streams, store, seen, other, end };
}

async function openOnPostgres(trouble: Trouble, follower?: PolicyFollower): Promise<UnitsWorld> {
  if (!process.env.TEST_DATABASE_URL) throw new Error("this test needs TEST_DATABASE_URL");
  const database = await openTestDatabase();
  const streams = await Streams.open(database, logger, systemClock);
  await migrate(database, "identity", identityMigrations);
  const { wrapped, seen } = troubledDatabase(database, trouble);
  const parts = { streams, clock: systemClock, logger };
  const store = new PostgresIdentityStore({
    ...{ ...parts, database: wrapped },
    ...(follower && { follower }),
  });
  const other = new PostgresIdentityStore({ ...parts, database });
  seen.isOpen = true;
  const end = async () => {
    await streams.stop();
    await database.close();
  };
  return { database, streams, store, seen, other, end };
}

/** The engines on which a unit of work begins while the one before it is written. */
export const enginesAhead: [name: string, open: OpenUnits][] = [
  ["Neo4j", openOnNeo4j],
  ["PostgreSQL", openOnPostgres],
];

export function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await moment();
}

/** Positions of events, in the order in which they were worked off. */
export async function positionsTold({ streams, database }: UnitsWorld): Promise<number[]> {
  const runs = await streams.read(database, "identity", 0, 1_000);
  return runs.flatMap(({ payload }) => (payload as { positions: number[] }).positions);
}

export async function lastResolved({ streams, database }: Pick<Engines, "streams" | "database">) {
  let done = 0;
  for (let after = 0; ; ) {
    const page = await streams.read(database, "identity", after, 1_000);
    if (page.length === 0) return done;
    for (const { kind, payload } of page) {
      if (kind === "RESOLVED") done = (payload as { to: number }).to;
    }
    after = page.at(-1)!.position;
  }
}

/** Who is somebody else's doing has no identifiers, and so no name. */
export function withoutStranger(of: Portrait): Portrait {
  const isNamed = (row: unknown) => (row as unknown[])[0] !== "";
  const entries = Object.entries(of).map(([kind, rows]) => [kind, rows.filter(isNamed)]);
  return Object.fromEntries(entries) as Portrait;
}
