import { describe, expect, test } from "@jest/globals";
import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import { EventWriter, type WriterLimits } from "../../../subgraphs/events/service/event-writer.ts";
import type { EventLog, EventRow, WrittenKeys } from "../../../subgraphs/events/store/event-log.ts";

const limits: WriterLimits = {
  lingerMs: 1,
  lingerRowsMax: 10,
  batchRowsMax: 10,
  batchBytesMax: 1_000,
  queueRowsMax: 20,
  queueBytesMax: 10_000,
};

const row = (key: string, payload = "{}"): EventRow => ({
  key,
  payload,
  event: { occurredAt: "", type: "TRACK", name: null, source: "s" } as AcceptedEvent,
  quarantine: null,
});

/** Keeps keys; refuses rows whose payload says so, as the engine does; counts its transactions. */
class FakeLog {
  readonly keys = new Set<string>();
  readonly clock = new Date("2026-03-01T12:00:00Z");
  transactions = 0;
  /** What each row takes by the clock. */
  msPerRow = 0;
  isReachable = true;
  hold: Promise<void> = Promise.resolve();

  async write(rows: readonly EventRow[]): Promise<WrittenKeys> {
    this.transactions += 1;
    await this.hold;
    this.clock.setTime(this.clock.getTime() + rows.length * this.msPerRow);
    if (!this.isReachable) throw Object.assign(new Error("no"), { code: "ECONNREFUSED" });
    if (rows.some((one) => one.payload === "poison")) {
      throw Object.assign(new Error("invalid byte sequence"), { code: "22021" });
    }
    const news = rows.map((one) => one.key).filter((key) => !this.keys.has(key));
    for (const key of news) this.keys.add(key);
    return { accepted: new Set(news), quarantined: new Set() };
  }
}

function start() {
  const log = new FakeLog();
  const clock = { now: () => new Date(log.clock) };
  return { log, writer: new EventWriter(log as unknown as EventLog, clock, limits) };
}

describe("given a writer of events", () => {
  test("when many requests come at once, then they share a transaction and each hears of its own", async () => {
    const { log, writer } = start();
    const outcomes = await Promise.all(["a", "b", "a"].map((key) => writer.submit([row(key)])));
    expect(outcomes).toEqual([["ACCEPTED"], ["ACCEPTED"], ["DUPLICATE"]]);
    expect(log.transactions).toBe(1);
  });

  test("when one row is poisonous to the engine, then it alone is refused", async () => {
    const { log, writer } = start();
    const rows = [row("a"), row("b"), row("c", "poison"), row("d")];
    const other = writer.submit([row("e")]);
    expect(await writer.submit(rows)).toEqual(["ACCEPTED", "ACCEPTED", "NOT_STORABLE", "ACCEPTED"]);
    expect(await other).toEqual(["ACCEPTED"]);
    expect([...log.keys].sort()).toEqual(["a", "b", "d", "e"]);
  });

  test("when the engine cannot be reached, then the sender hears it and may send again", async () => {
    const { log, writer } = start();
    log.isReachable = false;
    await expect(writer.submit([row("a")])).rejects.toMatchObject({
      code: "UNAVAILABLE",
      retryable: true,
    });
    log.isReachable = true;
    expect(await writer.submit([row("a")])).toEqual(["ACCEPTED"]);
  });

  test("when too much waits, then more is refused and what waits is written", async () => {
    const { log, writer } = start();
    let release = () => {};
    log.hold = new Promise((resolve) => {
      release = resolve;
    });
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => row(`k${from + index}`));
    const first = writer.submit(many(0, 10));
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = writer.submit(many(10, 20));
    const refusal = { code: "OVERLOADED", retryable: true, details: { retryAfterSeconds: 1 } };
    await expect(writer.submit([row("more")])).rejects.toMatchObject(refusal);
    expect(() => writer.checkRoom(1)).toThrow(expect.objectContaining(refusal));
    release();
    expect(new Set([...(await first), ...(await waiting)])).toEqual(new Set(["ACCEPTED"]));
    expect(log.keys.size).toBe(30);
  });

  test("when writing is slow, then senders are told to come again when it will be done", async () => {
    const { log, writer } = start();
    log.msPerRow = 200;
    await writer.submit([row("one")]);
    const { promise, resolve } = Promise.withResolvers<void>();
    log.hold = promise;
    const waiting = Array.from({ length: 20 }, (_, index) => writer.submit([row(`slow${index}`)]));
    expect(() => writer.checkRoom(1)).toThrow(
      expect.objectContaining({ details: { retryAfterSeconds: 4 } }),
    );
    resolve();
    await Promise.all(waiting);
  });

  test("when one request alone is larger than the queue, then it is taken", async () => {
    const { writer } = start();
    const rows = Array.from({ length: 50 }, (_, index) => row(`big${index}`));
    expect(await writer.submit(rows)).toHaveLength(50);
  });

  test("when it stops, then everything submitted before is written first", async () => {
    const { log, writer } = start();
    const outcomes = Promise.all(["x", "y", "z"].map((key) => writer.submit([row(key)])));
    await writer.stop();
    expect(log.keys.size).toBe(3);
    expect(await outcomes).toEqual([["ACCEPTED"], ["ACCEPTED"], ["ACCEPTED"]]);
  });
});
