import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Database } from "../../../kernel/database/database.ts";
import { migrate } from "../../../kernel/database/migrate.ts";
import { createLogger } from "../../../kernel/logging/logger.ts";
import { Streams } from "../../../kernel/streams/streams.ts";
import { systemClock } from "../../../kernel/time/clock.ts";
import type { EventRow } from "../../../subgraphs/events/store/event-log.ts";
import { eventsMigrations } from "../../../subgraphs/events/store/migrations.ts";
import { PostgresEventLog } from "../../../subgraphs/events/store/postgres-event-log.ts";
import { openTestDatabase } from "../../kernel/test-platform.ts";
import { startMsMax } from "../events-platform.ts";

let database: Database;
let streams: Streams;

beforeAll(async () => {
  database = await openTestDatabase();
  streams = await Streams.open(database, createLogger("silent"), systemClock);
  await migrate(database, "events", eventsMigrations);
}, startMsMax);
afterAll(() => database?.close());

const head = {
  occurredAt: "2026-01-01T00:00:00.000Z",
  type: "TRACK",
  name: "x",
  source: "s",
} as const;

function newLog(): PostgresEventLog {
  return new PostgresEventLog(database, streams, systemClock);
}

function row(key: string, isViolating = false): EventRow {
  const violations = [{ path: "", rule: "r", message: "m" }];
  const waiting = { ...head, messageId: key, event: "x", contractVersion: 1, violations };
  return {
    key: `s/${key}`,
    payload: JSON.stringify({ ...head, messageId: key }),
    event: { ...head, messageId: key } as AcceptedEvent,
    quarantine: isViolating ? { ...waiting, receivedAt: head.occurredAt } : null,
  };
}

async function positionsOf(prefix: string): Promise<{ key: string; position: number }[]> {
  return database.query(
    "select key, position from streams.events where key like $1 order by position",
    [`s/${prefix}%`],
  );
}

describe("given the event log on the engine", () => {
  test("when eight writers write overlapping batches at once, then each key is new to one of them", async () => {
    const logs = Array.from({ length: 8 }, () => newLog());
    const batches = Array.from({ length: 40 }, (_, batch) =>
      Array.from({ length: 25 }, (_, index) => row(`par-${(batch * 13 + index) % 300}`)),
    );
    const news = await Promise.all(batches.map((rows, at) => logs[at % 8]!.write(rows)));
    const claimed = news.flatMap(({ accepted }) => [...accepted]);
    expect(claimed).toHaveLength(300);
    expect(new Set(claimed).size).toBe(300);
    expect(await positionsOf("par-")).toHaveLength(300);
  });

  test("when a batch is written, then its order is the order of positions", async () => {
    const log = newLog();
    const names = Array.from({ length: 200 }, (_, index) => `ord-${(index * 7) % 200}`);
    await log.write(names.map((name) => row(name)));
    const stored = await positionsOf("ord-");
    expect(stored.map(({ key }) => key)).toEqual(names.map((name) => `s/${name}`));
  });

  test("when heads are asked for, then they are the same from memory and from the stream", async () => {
    const writer = newLog();
    await writer.write([row("head-1"), row("head-2"), row("head-1")]);
    const positions = (await positionsOf("head-")).map(({ position }) => position);
    const other = newLog();
    const expected = positions.map((position) => ({ ...head, position }));
    expect(await writer.headsAt(database, positions)).toEqual(expected);
    expect(await other.headsAt(database, positions)).toEqual(expected);
  });

  test("when an event violates, then it waits once, and not at all when it was accepted before", async () => {
    const log = newLog();
    const first = await log.write([row("mix-1"), row("mix-2", true), row("mix-1", true)]);
    const keys = (accepted: string[], quarantined: string[]) => ({
      accepted: new Set(accepted),
      quarantined: new Set(quarantined),
    });
    expect(first).toEqual(keys(["s/mix-1"], ["s/mix-2"]));
    expect(await log.write([row("mix-1", true), row("mix-2", true)])).toEqual(keys([], []));
    const waiting = await database.query(
      "select key from events.quarantine where key like 's/mix%'",
    );
    expect(waiting).toEqual([{ key: "s/mix-2" }]);
  });

  test("when a row cannot be stored, then nothing of its batch is", async () => {
    const log = newLog();
    const poison = { ...row("none-2"), payload: "a\0b" };
    await expect(log.write([row("none-1"), poison])).rejects.toMatchObject({ code: "22021" });
    expect(await positionsOf("none-")).toEqual([]);
  });
});
