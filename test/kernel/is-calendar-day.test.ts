import { expect, test } from "@jest/globals";
import { DateTime } from "../../kernel/federation/scalars.ts";
import { isCalendarDay } from "../../kernel/time/is-calendar-day.ts";

test.each([
  ["2026-02-28", true],
  ["2026-02-29", false],
  ["2024-02-29T10:00:00Z", true],
  ["1900-02-29", false],
  ["2000-02-29", true],
  ["2026-04-31", false],
  ["2026-13-01", false],
  ["2026-00-10", false],
  ["2026-01-00", false],
  ["0004-02-29", true],
  ["0100-02-29", false],
  ["-000004-02-29", true],
  ["2026-1-1", false],
  ["x", false],
])("given %s, when it is asked whether there is such a day, then: %s", (text, expected) => {
  expect(isCalendarDay(text)).toBe(expected);
});

test("given a DateTime on a day that there is not, when it is read, then it is refused, not moved", () => {
  expect(DateTime.parseValue("2026-02-28T10:00:00Z")).toEqual(new Date("2026-02-28T10:00:00Z"));
  expect(() => DateTime.parseValue("2026-02-30T10:00:00Z")).toThrow(/ISO 8601/);
});
