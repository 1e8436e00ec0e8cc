import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { cursorOf, positionOf } from "../../kernel/streams/cursor.ts";
import { removeOldEntries } from "../../kernel/streams/retention.ts";
import type { StreamEntry } from "../../kernel/streams/stream.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { FakeClock, openTestDatabase } from "./test-platform.ts";

let database: Database;
let streams: Streams;
const clock = new FakeClock("2026-01-01T00:00:00Z");

beforeAll(async () => {
  database = await openTestDatabase();
  streams = await Streams.open(database, createLogger("silent"), clock);
});

afterAll(async () => {
  await streams.stop();
  await database.close();
});

async function append(...numbers: number[]): Promise<void> {
  await database.transaction((tx) =>
    streams.append(
      tx,
      "consent",
      numbers.map((n) => ({ key: String(n), kind: "TEST", payload: { n } })),
    ),
  );
}

const numberOf = (entry: StreamEntry) => (entry.payload as { n: number }).n;

async function take(count: number, after: string | null): Promise<StreamEntry[]> {
  const taken: StreamEntry[] = [];
  for await (const entry of streams.subscribe("consent", { after })) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
}

test("given entries, when followed from the beginning, then they come in order and then live", async () => {
  await append(1, 2);
  const following = take(4, "0");
  await append(3);
  await append(4);
  expect((await following).map(numberOf)).toEqual([1, 2, 3, 4]);
});

test("given a cursor, when resumed, then what came after it comes, and nothing else", async () => {
  const [, second] = await take(2, "0");
  expect((await take(2, cursorOf("consent", second!.position))).map(numberOf)).toEqual([3, 4]);
});

test("given no cursor, when followed, then only what is new comes", async () => {
  const subscription = streams.subscribe("consent");
  const first = subscription.next();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await append(5);
  expect(numberOf((await first).value as StreamEntry)).toBe(5);
  await subscription.return?.();
});

test("given a waiting subscriber, when he leaves, then he is gone at once", async () => {
  const subscription = streams.subscribe("consent");
  const waiting = subscription.next();
  await subscription.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test("given text that is no cursor, or one ahead of the stream, then BAD_CURSOR", async () => {
  expect(() => streams.subscribe("consent", { after: "x'; drop" })).toThrow(/not a cursor/);
  const ahead = cursorOf("consent", 999_999);
  await expect(take(1, ahead)).rejects.toMatchObject({ code: "BAD_CURSOR" });
});

test("given a cursor of another stream, when followed after, then BAD_CURSOR, never another place", async () => {
  for (const name of ["events", "identity", "memberships", "deliveries"] as const) {
    const after = cursorOf(name, 1);
    expect(() => streams.subscribe("consent", { after })).toThrow(/not a cursor of this stream/);
  }
  expect((await take(1, cursorOf("consent", 1))).map(numberOf)).toEqual([2]);
});

test("given positions, when made into cursors, then they go up as numbers do, and come back", () => {
  const positions = [0, 1, 9, 10, 4711, 999_999_999_999_999];
  const cursors = positions.map((position) => cursorOf("memberships", position));
  expect(cursors.map((cursor) => positionOf("memberships", cursor))).toEqual(positions);
  expect(cursors.map(BigInt)).toEqual([...cursors.map(BigInt)].sort((a, b) => (a < b ? -1 : 1)));
});

test("given a handler that fails for one entry, then it is parked and the others are done", async () => {
  const done: number[] = [];
  const consumer = streams.consume({
    consumer: "picky",
    stream: "consent",
    batchSize: 10,
    handle: async (tx, entries) => {
      if (entries.some((entry) => numberOf(entry) === 3)) throw new Error("cannot do 3");
      await tx.query("select 1");
      done.push(...entries.map(numberOf));
    },
  });
  while (done.length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
  await consumer.stop();
  expect(done).toEqual([1, 2, 4, 5]);
  const parked = await database.query("select consumer, reason from streams.parked");
  expect(parked).toEqual([{ consumer: "picky", reason: "Error: cannot do 3" }]);
});

test("given a reader that has ended, when it begins again, then it goes on where it was", async () => {
  const again: number[] = [];
  const consumer = streams.consume({
    consumer: "picky",
    stream: "consent",
    batchSize: 10,
    handle: async (_, entries) => void again.push(...entries.map(numberOf)),
  });
  await append(7);
  while (!again.includes(7)) await new Promise((resolve) => setTimeout(resolve, 10));
  await consumer.stop();
  expect(again).toEqual([7]);
});

test("given a reader nobody follows, when entries come one by one, then it lets some gather between its batches", async () => {
  const begunMs: number[] = [];
  const consumer = streams.consume({
    consumer: "in-no-hurry",
    stream: "consent",
    batchSize: 1_000,
    handle: async () => void begunMs.push(performance.now()),
  });
  for (let n = 0; begunMs.length < 4; n += 1) await append(n);
  await consumer.stop();
  for (const [place, at] of begunMs.slice(1).entries()) {
    expect(at - begunMs[place]!).toBeGreaterThan(19);
  }
});

test("given old entries, when they are removed, then unread ones stay and old cursors have expired", async () => {
  await database.query("update streams.cursors set position = 3 where consumer = 'picky'");
  clock.set("2026-03-01T00:00:00Z");
  await append(6);
  const removed = await removeOldEntries(database, "consent", new Date("2026-02-01T00:00:00Z"));
  expect(removed).toBe(3);
  const expired = take(1, cursorOf("consent", 2));
  await expect(expired).rejects.toMatchObject({ code: "CURSOR_EXPIRED" });
  expect((await take(3, "0")).map(numberOf)).toEqual([4, 5, 7]);
  expect((await take(1, cursorOf("consent", 3))).map(numberOf)).toEqual([4]);
});

test("given a parked entry that is as old, when old entries are removed, then its note goes too", async () => {
  const notes = () => database.query("select position from streams.parked");
  await removeOldEntries(database, "consent", new Date("2026-02-15T00:00:00Z"));
  expect(await notes()).toHaveLength(1);
  await database.query("update streams.parked set parked_at = '2026-01-01'");
  await append(6);
  clock.set("2026-03-15T00:00:00Z");
  await database.query("update streams.cursors set position = 99 where consumer = 'picky'");
  await removeOldEntries(database, "consent", new Date("2026-03-10T00:00:00Z"));
  expect(await notes()).toEqual([]);
});

test("given a platform that keeps its streams trimmed, when it starts, then what is too old goes at once", async () => {
  const old = await streams.head("consent");
  clock.set("2026-04-01T00:00:00Z");
  await append(8);
  await database.query("update streams.cursors set position = $1", [old]);
  const trimming = await Streams.open(database, createLogger("silent"), clock);
  trimming.keepTrimmed(() => 7);
  while ((await trimming.floor("consent")) < old) await new Promise(setImmediate);
  await trimming.stop();
  expect((await take(1, "0")).map(numberOf)).toEqual([8]);
});

test("given more old entries than a transaction removes, when trimmed, then all go, and new ones stay", async () => {
  clock.set("2026-05-01T00:00:00Z");
  await append(...Array.from({ length: 5_000 }, (_, index) => index));
  clock.set("2026-06-01T00:00:00Z");
  await append(9);
  await database.query("delete from streams.cursors where stream = 'consent'");
  const removed = await removeOldEntries(database, "consent", new Date("2026-05-15T00:00:00Z"));
  expect(removed).toBe(5_001);
  expect((await take(1, "0")).map(numberOf)).toEqual([9]);
});
