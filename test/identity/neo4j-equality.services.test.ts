import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { fixedPolicy } from "../../subgraphs/identity/service/policy-in-force.ts";
import { EventResolver } from "../../subgraphs/identity/service/resolve-events.ts";
import type { IdentityReader } from "../../subgraphs/identity/store/identity-reader.ts";
import type { IdentityStore } from "../../subgraphs/identity/store/identity-store.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import type { Neo4jIdentityStore } from "../../subgraphs/identity/store/neo4j-identity-store.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { event } from "./identity-world.ts";
import { accept, type Engines, logger, openEngines, openStoreOn, settled } from "./neo4j-world.ts";

const eventsCount = 900;
const page = { limit: 500, after: null };
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
  onPostgres = new PostgresIdentityStore(database, plain.streams);
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await onNeo4j?.close();
  for (const { streams, database } of [engines, plain]) {
    await streams?.stop();
    await database?.close();
  }
});

/** Numbers below `below` that look random and are the same every time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** People who share devices, aliases, addresses that too many use, accounts, conflicting ids. */
function story(): AcceptedEvent[] {
  const roll = dice(7);
  return Array.from({ length: eventsCount }, (_, place) => {
    const person = roll(60);
    const ids: Record<string, string> = { anonymous_id: `device-${roll(80)}` };
    if (roll(3) > 0) ids.user_id = `user-${person}`;
    if (roll(4) === 0) ids.email = `mail-${roll(20) === 0 ? "shared" : person}@example.org`;
    if (roll(9) === 0) ids.crm_contact_id = `crm-${person + roll(2)}`;
    if (roll(12) === 0) ids.phone = `+4930123400${10 + roll(15)}`;
    const at = new Date(Date.UTC(2026, 0, 1, 0, roll(40_000))).toISOString();
    const source = ["web", "crm", "app"][roll(3)]!;
    const traits = { name: `Name ${roll(5)}`, [`trait${roll(9)}`]: roll(100) };
    const base = { at, source, messageId: `m-${place}`, ids };
    const kind = roll(10);
    if (kind === 0) return event({ ...base, type: "ALIAS", previousId: `user-${roll(60)}` });
    const group = { groupId: `g-${roll(6)}`, traits: { role: `r${roll(3)}` } };
    if (kind === 1) return event({ ...base, type: "GROUP", ...group });
    if (kind < 5) return event({ ...base, type: "IDENTIFY", traits });
    return event({ ...base, type: "TRACK", name: "Viewed" });
  });
}

/**
 * What can be asked, with persons named by their identifiers instead of by their ids. Which of two
 * equally old persons survives goes by id, and ids are random: so the history of merges is not
 * compared.
 */
async function portrait(reader: IdentityReader) {
  const listing = { identifierKeys: null, namespace: null, createdFrom: null, createdBefore: null };
  const persons = await reader.listPersons(listing, { limit: 1_000, after: null });
  const ids = persons.map(({ id }) => id);
  const kinds = ["PERSON", "DEVICE", "SESSION"] as const;
  const identifiers = await reader.identifiers(ids, kinds, page);
  const names = new Map(
    ids.map((id) => [
      id,
      identifiers
        .get(id)!
        .identifiers.map(({ key }) => key)
        .sort()
        .join(" "),
    ]),
  );
  const named = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value, (name, each) => {
        if (name === "originId" || name === "id" || name === "accountId") return undefined;
        return typeof each === "string" ? (names.get(each) ?? each) : each;
      }),
    );
  const all = async <T>(
    ask: Promise<Map<string, T>>,
    order: (value: T) => unknown = (value) => value,
  ) => [...(await ask)].map(([id, value]) => [names.get(id), named(order(value))]).sort();
  return {
    persons: persons.map(({ id, ...rest }) => [names.get(id), named(rest)]).sort(),
    identifiers: await all(Promise.resolve(identifiers)),
    evidence: await all(reader.evidenceWithin(ids, 1_000), (edges) =>
      [...edges].map((edge) => JSON.stringify(edge, Object.keys(edge).sort())).sort(),
    ),
    devices: await all(reader.devices(ids, 100)),
    accounts: await all(reader.organisations.statementsOf(ids, 100)),
  };
}

async function resolveAll(store: IdentityStore, { database, streams }: Omit<Engines, "graph">) {
  const resolver = new EventResolver(fixedPolicy(), { dropped() {}, recomputed() {} });
  const consumer = store.consumeEvents((graph, entries) => resolver.resolve(graph, entries));
  stops.push(() => consumer.stop());
  // The same batches on both: what lies in one batch is one unit of work.
  const events = story();
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
