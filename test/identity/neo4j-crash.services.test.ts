import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import type { StreamEntry } from "../../kernel/streams/stream.ts";
import { noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import type { IdentityGraph } from "../../subgraphs/identity/store/identity-store.ts";
import { event, unique } from "./identity-world.ts";
import { Life, mortalDatabase, mortalGraph } from "./mortal-engines.ts";
import {
  accept,
  type Engines,
  openEngines,
  openGraph,
  openStoreOn,
  settled,
} from "./neo4j-world.ts";
import { identifier, person } from "./store-rows.ts";

const stepsMax = 400;
let engines: Engines;

beforeAll(async () => {
  engines = await openEngines();
  await (await openStoreOn(engines)).close();
  engines.graph = await openGraph();
});

afterAll(async () => {
  await engines?.graph.close();
  await engines?.streams.stop();
  await engines?.database.close();
});

/** Counts each event on its identifier, so that one done twice would show. */
async function count(graph: IdentityGraph, entries: readonly StreamEntry[]): Promise<void> {
  const keys = entries.map(({ payload }) => `user_id:${(payload as AcceptedEvent).userId}`);
  const nothing = { evidence: [], sheets: [], groupIds: [] };
  const known = await graph.load({ ...nothing, identifierKeys: [...new Set(keys)] });
  const counts = new Map(known.identifiers.map(({ key, claims }) => [key, claims]));
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const owners = new Map([...counts.keys()].map((key) => [key, person({ id: `person_${key}` })]));
  await graph.save({
    ...noChanges,
    identifiers: [...counts].map(([key, claims]) =>
      identifier("user_id", owners.get(key)!.id, { value: key.slice("user_id:".length), claims }),
    ),
    persons: [...owners.values()],
  });
  if (entries.some(({ payload }) => (payload as AcceptedEvent).name === "poison")) {
    throw new Error("a poisonous event");
  }
  await graph.announce([
    ...keys.map((key) => ({ key, kind: "CHANGE", payload: { key } })),
    { key: "run", kind: "RESOLVED", payload: { n: entries.length } },
  ]);
}

/** Runs a store until all is told or the life ends; true when it lived to see it. */
async function live(
  life: Life,
  events: readonly AcceptedEvent[],
  byHand: string,
): Promise<boolean> {
  const { database, streams } = engines;
  const store = await openStoreOn({
    database: mortalDatabase(database, life),
    graph: mortalGraph(await openGraph(), life),
    streams,
  });
  try {
    await accept(engines, events);
    life.begin();
    store.consumeEvents(count);
    if (byHand) {
      const entry = { payload: event({ ids: { user_id: byHand } }) } as StreamEntry;
      void store.write((graph) => count(graph, [entry])).catch(() => undefined);
    }
    while (!life.hasEnded && !(await store.isSettled())) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return !life.hasEnded;
  } finally {
    await store.close();
  }
}

/** Keys of the changes announced after a position. */
async function told(after: number): Promise<string[]> {
  const { database, streams } = engines;
  const keys: string[] = [];
  for (let position = after; ; ) {
    const page = await streams.read(database, "identity", position, 1_000);
    if (page.length === 0) return keys;
    keys.push(...page.filter(({ kind }) => kind === "CHANGE").map(({ key }) => key));
    position = page.at(-1)!.position;
  }
}

/** How often the graph has counted each identifier. */
async function counted(keys: readonly string[]): Promise<Record<string, number>> {
  const found = await engines.graph.read((tx) =>
    tx.run<{ key: string; details: string }>(
      "MATCH (n:Identifier) WHERE n.key IN $keys RETURN n.key AS key, n.details AS details",
      { keys },
    ),
  );
  return Object.fromEntries(
    found.map(({ key, details }) => [key, (JSON.parse(details) as { claims: number }).claims]),
  );
}

const stories = [
  { story: "at any of its steps", users: ["ana", "bo", "ana"], stride: 1 },
  { story: "while it parks a poisonous event", users: ["ana", "poison", "bo"], stride: 4 },
];

test.each(stories)(
  "given a process that dies $story, when another one goes on, then each event has its effect once and is told once, in order",
  async ({ users, stride }) => {
    const before = await parkedCount();
    const poisons = users.filter((user) => user === "poison").length;
    for (let diesAt = 1, lives = 1, survived = false; !survived; diesAt += stride, lives += 1) {
      expect(diesAt).toBeLessThan(stepsMax);
      survived = await die(diesAt, users);
      expect(await parkedCount()).toBe(before + lives * poisons);
    }
    const hands = (await told(0)).filter((key) => key.startsWith("user_id:hand"));
    expect(new Set(hands).size).toBe(hands.length);
    expect(await counted(hands)).toEqual(timesOf(hands));
  },
  200_000,
);

/** Users come with events; one more unit of work is done by hand. True when nobody had to die. */
async function die(diesAt: number, users: readonly string[]): Promise<boolean> {
  const before = await engines.streams.head("identity");
  const ids = new Map(users.map((user) => [user, unique(user)]));
  const events = users.map((user) =>
    event({ type: "TRACK", name: user, ids: { user_id: ids.get(user)! } }),
  );
  const hand = unique("hand");
  const life = new Life(diesAt);
  const survived = await live(life, events, hand);
  if (!survived) await live(new Life(0), [], "");
  const expected = users
    .filter((user) => user !== "poison")
    .map((user) => `user_id:${ids.get(user)}`);
  // A commit under way when its process died may arrive later than this: hands are looked at last.
  const keys = (await told(before)).filter((key) => !key.startsWith("user_id:hand"));
  expect({ died: life.last, keys, counted: await counted(expected) }).toEqual({
    died: life.last,
    keys: expected,
    counted: timesOf(expected),
  });
  return survived;
}

function timesOf(keys: readonly string[]): Record<string, number> {
  const times: Record<string, number> = {};
  for (const key of keys) times[key] = (times[key] ?? 0) + 1;
  return times;
}

async function parkedCount(): Promise<number> {
  const [row] = await engines.database.query<{ count: number }>(
    "select count(*) as count from streams.parked where consumer = 'identity'",
  );
  return row!.count;
}

test("given all was told, when nothing is left to do, then no announcement stays in the graph and the events' reader is known to retention", async () => {
  const store = await openStoreOn({ ...engines, graph: await openGraph() });
  const consumer = store.consumeEvents(count);
  await accept(engines, [event({ ids: { user_id: unique("last") } })]);
  const left = () =>
    engines.graph.read((tx) => tx.run("MATCH (n:Announcements) RETURN count(n) AS count"));
  await settled(store);
  while ((await left())[0]!.count !== 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const cursors = await engines.database.query(
    "select position from streams.cursors where consumer = 'identity' and stream = 'events'",
  );
  expect(cursors).toEqual([{ position: await engines.streams.head("events") }]);
  await consumer.stop();
  await store.close();
}, 60_000);
