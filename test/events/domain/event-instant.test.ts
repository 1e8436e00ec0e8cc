import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { occurredAt, readInstant } from "../../../subgraphs/events/domain/event-instant.ts";

const receivedAt = Date.parse("2026-03-01T12:00:00.000Z");
const none = { originalTimestamp: null, timestamp: null, sentAt: null, batchTimestamp: null };
const at = (given: object) => {
  const time = occurredAt({ ...none, ...given }, receivedAt);
  return "at" in time ? new Date(time.at).toISOString() : time;
};

describe("given what a sender says about time", () => {
  test.each([
    ["nothing", {}, "2026-03-01T12:00:00.000Z"],
    ["a timestamp alone", { timestamp: "2026-03-01T10:00:00Z" }, "2026-03-01T10:00:00.000Z"],
    [
      "Segment: timestamp and sentAt of a clock an hour late",
      { timestamp: "2026-03-01T10:59:00Z", sentAt: "2026-03-01T11:00:00Z" },
      "2026-03-01T11:59:00.000Z",
    ],
    [
      "Segment: a clock a day early",
      { timestamp: "2026-03-02T11:59:30Z", sentAt: "2026-03-02T12:00:00Z" },
      "2026-03-01T11:59:30.000Z",
    ],
    [
      "RudderStack: originalTimestamp and sentAt",
      {
        originalTimestamp: "2026-03-01T10:59:00Z",
        sentAt: "2026-03-01T11:00:00Z",
        batchTimestamp: "2026-03-01T11:00:00Z",
      },
      "2026-03-01T11:59:00.000Z",
    ],
    [
      "RudderStack: a chosen timestamp too",
      {
        timestamp: "2020-01-01T00:00:00Z",
        originalTimestamp: "2026-03-01T10:59:00Z",
        sentAt: "2026-03-01T11:00:00Z",
      },
      "2020-01-01T00:00:00.000Z",
    ],
    [
      "the same instant twice, of a clock an hour late",
      {
        timestamp: "2026-03-01T10:59:00Z",
        originalTimestamp: "2026-03-01T10:59:00.000Z",
        sentAt: "2026-03-01T11:00:00Z",
      },
      "2026-03-01T11:59:00.000Z",
    ],
    [
      "a clock that was never set",
      { timestamp: "1970-01-01T00:01:00Z", sentAt: "1970-01-01T00:02:00Z" },
      "2026-03-01T11:59:00.000Z",
    ],
    ["a time in the future", { timestamp: "2031-01-01T00:00:00Z" }, "2026-03-01T12:00:00.000Z"],
    [
      "a future that stays after correction",
      { timestamp: "2026-03-01T13:00:00Z", sentAt: "2026-03-01T12:00:00Z" },
      "2026-03-01T12:00:00.000Z",
    ],
    [
      "a sentAt that cannot be read",
      { timestamp: "2026-03-01T10:00:00Z", sentAt: "soon" },
      "2026-03-01T10:00:00.000Z",
    ],
    [
      "the envelope's timestamp alone",
      { batchTimestamp: "2026-03-01T10:59:00Z", sentAt: "2026-03-01T11:00:00Z" },
      "2026-03-01T11:59:00.000Z",
    ],
    [
      "an envelope's timestamp that cannot be read",
      { batchTimestamp: "soon" },
      "2026-03-01T12:00:00.000Z",
    ],
    ["Go's zero time", { timestamp: "0001-01-01T00:00:00Z" }, "2026-03-01T12:00:00.000Z"],
    ["a timestamp that cannot be read", { timestamp: "yesterday" }, { unreadable: "timestamp" }],
    ["a timestamp that is an object", { timestamp: {} }, { unreadable: "timestamp" }],
    [
      "an originalTimestamp that cannot be read",
      { originalTimestamp: "x" },
      { unreadable: "originalTimestamp" },
    ],
  ])("when it is %s, then the event's time is right", (_name, given, expected) => {
    expect(at(given)).toEqual(expected);
  });

  test.each([
    ["2026-01-31T10:00:00.123Z", "2026-01-31T10:00:00.123Z"],
    ["2026-01-31T10:00:00.123456+02:00", "2026-01-31T08:00:00.123Z"],
    ["2026-01-31T10:00:00+0200", "2026-01-31T08:00:00.000Z"],
    ["2026-01-31 10:00:00", "2026-01-31T10:00:00.000Z"],
    ["2026-01-31T10:00:00", "2026-01-31T10:00:00.000Z"],
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    [1_769_853_600_000, "2026-01-31T10:00:00.000Z"],
    [1_769_853_600, "2026-01-31T10:00:00.000Z"],
    ["1769853600000", "2026-01-31T10:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2026-01-30T24:00:00Z", "2026-01-31T00:00:00.000Z"],
  ])("when it writes %j, then it is read", (written, expected) => {
    expect(new Date(readInstant(written) as number).toISOString()).toBe(expected);
  });

  test.each([
    "2026-13-01T00:00:00Z",
    "2026-02-30T25:00:00Z",
    "2026-02-30T10:00:00Z",
    "2025-02-29",
    "2026-04-31T10:00:00+02:00",
    "x",
    {},
    true,
    1e20,
    "1e400",
  ])("when it writes %j, then it cannot be read", (written) => {
    expect(readInstant(written)).toBe("UNREADABLE");
  });

  test("when it is anything at all, then the event is never after its receipt nor before 1900", () => {
    const any = fc.oneof(
      fc.date().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.double(),
      fc.string(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(any, any, any, any, (originalTimestamp, timestamp, sentAt, batchTimestamp) => {
        const time = occurredAt(
          { originalTimestamp, timestamp, sentAt, batchTimestamp },
          receivedAt,
        );
        if (!("at" in time)) return;
        expect(time.at).toBeLessThanOrEqual(receivedAt);
        expect(time.at).toBeGreaterThanOrEqual(Date.UTC(1900, 0, 1));
      }),
    );
  });
});
