import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { fixedPolicy } from "../../subgraphs/identity/service/policy-in-force.ts";
import { EventResolver } from "../../subgraphs/identity/service/resolve-events.ts";
import { noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { accept, logger } from "./neo4j-world.ts";
import { event } from "./identity-world.ts";
import { dayThree, identifier, person } from "./store-rows.ts";
import { portrait, story } from "./told-story.ts";
import type { Trouble } from "./troubled-engine.ts";
import {
  enginesAhead,
  lastResolved,
  moment,
  positionsTold,
  type UnitsWorld,
  until,
  withoutStranger,
} from "./units-world.ts";

/** Nothing to join: most of the last batch came in the one before it for the first time. */
const regulars = Array.from({ length: 1_000 }, (_, place) => {
  const number = place % 500 < 400 ? place % 500 : place;
  return event({
    source: "web",
    messageId: `r-${place}`,
    at: new Date(Date.UTC(2026, 2, 1, 0, 0, place)).toISOString(),
    ids: { user_id: `regular-${number}`, anonymous_id: `browser-${number}` },
    type: "TRACK",
    name: "Viewed",
  });
});
// Seven full batches; in the first five the same sixty people come again and again.
const events = [...story(2_500), ...regulars];
const resolver = new EventResolver(fixedPolicy(), { dropped() {}, recomputed() {} });
let expected: Awaited<ReturnType<typeof portrait>>;

/** Embedded, one batch comes after the other. */
beforeAll(async () => {
  const database = await openEmbeddedDatabase(null);
  const streams = await Streams.open(database, logger, systemClock);
  await migrate(database, "identity", identityMigrations);
  await accept({ database, streams }, events);
  const store = new PostgresIdentityStore({ database, streams, clock: systemClock, logger });
  const consumer = store.consumeEvents((graph, entries) => resolver.resolve(graph, entries));
  while ((await lastResolved({ database, streams })) < events.length) await moment();
  expected = withoutStranger(await portrait(store.reader));
  await consumer.stop();
  await streams.stop();
  await database.close();
}, 60_000);

let world: UnitsWorld;
afterEach(() => world?.end());

describe.each(enginesAhead)("units of work on %s", (_engine, open) => {
  test.each<[Trouble]>([["none"], ["again"], ["lost"], ["late"], ["others"]])(
    "given batches that begin while the one before commits, when there is trouble (%s), then the graph is as if they had come one by one",
    async (trouble) => {
      world = await open(trouble);
      const { store, seen, other } = world;
      await accept(world, events);
      const consumer = store.consumeEvents((graph, entries) => resolver.resolve(graph, entries));
      const stranger = person();
      while ((await lastResolved(world)) < events.length) {
        if (trouble === "others")
          await other.write((graph) => graph.save({ ...noChanges, persons: [stranger] }));
        await moment();
      }
      expect(withoutStranger(await portrait(store.reader))).toEqual(expected);
      expect(seen.most).toBeGreaterThan(trouble === "late" ? 2 : 1);
      expect(await world.database.query("select reason from streams.parked")).toEqual([]);
      await consumer.stop();
    },
    120_000,
  );

  test("given a poisonous event among many, when they are read, then it is parked with its reason, and who reads on begins behind them", async () => {
    world = await open("none");
    const { store, other, database } = world;
    const handle: Parameters<typeof store.consumeEvents>[0] = async (graph, entries) => {
      const positions = entries.map(({ position }) => position);
      if (positions.includes(700)) throw new Error("a poisonous event");
      await graph.announce([{ key: "run", kind: "RESOLVED", payload: { positions } }]);
    };
    const parked = () =>
      database.query("select consumer, stream, position, reason from streams.parked");
    await accept(world, events.slice(0, 1_200));
    const first = store.consumeEvents(handle);
    await until(async () => (await positionsTold(world)).length >= 1_199);
    await until(async () => (await parked()).length > 0);
    await first.stop();
    await accept(world, events.slice(1_200, 1_210));
    const second = other.consumeEvents(handle);
    await until(async () => (await positionsTold(world)).length >= 1_209);
    await second.stop();
    const all = Array.from({ length: 1_210 }, (_, place) => place + 1);
    expect(await positionsTold(world)).toEqual(all.filter((position) => position !== 700));
    const reason = "Error: a poisonous event";
    expect(await parked()).toEqual([
      { consumer: "identity", stream: "events", position: 700, reason },
    ]);
  }, 60_000);

  test("given a unit is still to commit, when the next one changes what it has made, then nothing of that is lost", async () => {
    world = await open("late");
    const { store, seen } = world;
    const owner = person();
    const fresh = identifier("user_id", owner.id);
    const first = store.write((graph) =>
      graph.save({ ...noChanges, identifiers: [fresh], persons: [owner] }),
    );
    const second = store.write(async (graph) => {
      const nothing = { evidence: [], sheets: [], groupIds: [] };
      const { identifiers } = await graph.load({ ...nothing, identifierKeys: [fresh.key] });
      const changed = identifiers.map((one) => ({ ...one, lastSeenAt: dayThree }));
      await graph.save({ ...noChanges, identifiers: changed });
    });
    await Promise.all([first, second]);
    const found = await store.reader.identifiers([owner.id], ["PERSON"], { limit: 9, after: null });
    expect(found.get(owner.id)!.identifiers).toEqual([{ ...fresh, lastSeenAt: dayThree }]);
    expect(seen.most).toBeGreaterThan(1);
  }, 30_000);

  test("given many units begin at once, when each commits late, then three are under way and none is done twice", async () => {
    world = await open("late");
    const { store, seen } = world;
    const works: number[] = [];
    const units = Array.from({ length: 8 }, (_, place) =>
      store.write(async (graph) => {
        works.push(place);
        await graph.save({ ...noChanges, persons: [person()] });
      }),
    );
    await Promise.all(units);
    expect(works).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(seen.most).toBe(3);
  }, 30_000);

  test("given units were done again, when more begin after them, then none of these is done twice", async () => {
    world = await open("again");
    const { store, seen } = world;
    let works: number[] = [];
    const run = (places: number[]) =>
      Promise.all(
        places.map((place) =>
          store.write(async (graph) => {
            seen.isOpen = false;
            works.push(place);
            await graph.save({ ...noChanges, persons: [person()] });
          }),
        ),
      );
    // The first meets the trouble, no other.
    seen.count = 1;
    await run([0, 1, 2]);
    expect(works.toSorted()).toEqual([0, 0, 1, 1, 2, 2]);
    works = [];
    await run([3, 4, 5, 6, 7, 8]);
    expect(works).toEqual([3, 4, 5, 6, 7, 8]);
  }, 30_000);

  test("given a unit is done again, when those after it say what they would write, then it does not see that", async () => {
    world = await open("again");
    const { store, seen } = world;
    // The next one meets the trouble: what comes after it is not as was expected.
    seen.count = 1;
    const owner = person();
    const fresh = identifier("user_id", owner.id);
    const again = Promise.withResolvers<void>();
    const said = Promise.withResolvers<void>();
    const found: number[] = [];
    const first = store.write(() => Promise.resolve());
    const second = store.write(async (graph) => {
      if (found.length > 0) {
        again.resolve();
        await said.promise;
        await moment();
      }
      const nothing = { evidence: [], sheets: [], groupIds: [] };
      const { identifiers } = await graph.load({ ...nothing, identifierKeys: [fresh.key] });
      found.push(identifiers.length);
    });
    const third = store.write(async (graph) => {
      await again.promise;
      await graph.save({ ...noChanges, identifiers: [fresh], persons: [owner] });
      said.resolve();
    });
    await Promise.all([first, second, third]);
    expect(found).toEqual([0, 0]);
  }, 30_000);

  test("given a unit is done again and leaves something else, when the next one had begun on what it said first, then that one is done again, too", async () => {
    world = await open("again");
    const { store, seen } = world;
    // The next one meets the trouble, no other.
    seen.count = 1;
    const owner = person();
    const fresh = identifier("user_id", owner.id);
    const found: number[] = [];
    let tries = 0;
    const first = store.write(async (graph) => {
      seen.isOpen = false;
      tries += 1;
      if (tries === 1) await graph.save({ ...noChanges, identifiers: [fresh], persons: [owner] });
    });
    const second = store.write(async (graph) => {
      const nothing = { evidence: [], sheets: [], groupIds: [] };
      const { identifiers } = await graph.load({ ...nothing, identifierKeys: [fresh.key] });
      found.push(identifiers.length);
      await first;
    });
    await Promise.all([first, second]);
    expect(found).toEqual([1, 0]);
  }, 30_000);

  test("given a unit puts another policy in force and is still to commit, when the next one begins, then it works under that policy", async () => {
    const followed: number[] = [];
    const follower = {
      follow: async ({ version }: { version: number }) => void followed.push(version),
    };
    world = await open("late", follower);
    const { store } = world;
    await Promise.all([
      store.write((graph) => graph.usePolicy({ version: 7, activation: 1 })),
      store.write(() => Promise.resolve()),
      store.write(() => Promise.resolve()),
    ]);
    expect(followed).toEqual([1, 7, 7]);
  }, 30_000);
});
