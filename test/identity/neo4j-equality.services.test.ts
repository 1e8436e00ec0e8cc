import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { migrate } from "../../kernel/database/migrate.ts";
import { fixedPolicy } from "../../subgraphs/identity/service/policy-in-force.ts";
import { EventResolver } from "../../subgraphs/identity/service/resolve-events.ts";
import type { IdentityStore } from "../../subgraphs/identity/store/identity-store.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import type { Neo4jIdentityStore } from "../../subgraphs/identity/store/neo4j-identity-store.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { accept, type Engines, logger, openEngines, openStoreOn, settled } from "./neo4j-world.ts";
import { portrait, story } from "./told-story.ts";

const eventsCount = 900;
let engines: Engines;
let plain: Omit<Engines, "graph">;
let onNeo4j: Neo4jIdentityStore;
let onPostgres: IdentityStore;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  engines = await openEngines();
  onNeo4j = await openStoreOn(engines);
  const database = await openTestDatabase();
  plain = { database, streams: await Streams.open(database, logger, systemClock) };
  await migrate(database, "identity", identityMigrations);
  onPostgres = new PostgresIdentityStore({ ...plain, clock: systemClock, logger });
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await onNeo4j?.close();
  for (const { streams, database } of [engines, plain]) {
    await streams?.stop();
    await database?.close();
  }
});

async function resolveAll(store: IdentityStore, { database, streams }: Omit<Engines, "graph">) {
  const resolver = new EventResolver(fixedPolicy(), { dropped() {}, recomputed() {} });
  const consumer = store.consumeEvents((graph, entries) => resolver.resolve(graph, entries));
  stops.push(() => consumer.stop());
  // The same batches on both: what lies in one batch is one unit of work.
  const events = story(eventsCount);
  for (let from = 0; from < events.length; from += 100) {
    await accept({ database, streams }, events.slice(from, from + 100));
    const head = await streams.head("events");
    for (let done = 0; done < head; ) {
      const entries = await streams.read(database, "identity", 0, 1_000);
      for (let page = entries; page.length > 0; ) {
        for (const { kind, payload } of page) {
          if (kind === "RESOLVED") done = (payload as { to: number }).to;
        }
        page = await streams.read(database, "identity", page.at(-1)!.position, 1_000);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

test("given a long story, when it is told to both stores, then every question has the same answer", async () => {
  await resolveAll(onNeo4j, engines);
  await settled(onNeo4j);
  await resolveAll(onPostgres, plain);
  const [one, other] = [await portrait(onNeo4j.reader), await portrait(onPostgres.reader)];
  expect(other.persons.length).toBeGreaterThan(20);
  expect(other.devices.length).toBeGreaterThan(20);
  expect(one).toEqual(other);
  const parked = await engines.database.query("select reason from streams.parked");
  expect(parked).toEqual([]);
}, 120_000);
