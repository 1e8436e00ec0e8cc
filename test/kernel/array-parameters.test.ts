import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { arrayLiteral } from "../../kernel/database/array-literal.ts";
import { textArray, textArrayParameters } from "../../kernel/database/text-array.ts";
import type { Database } from "../../kernel/database/database.ts";
import { openTestDatabase } from "./test-platform.ts";

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(() => database?.close());

const awkward = fc.constantFrom(
  ...['"', "\\", '\\"', "{}", ",", "NULL", "null", "", " ", "\n", "\u001f", "é", "🙂", "\ud800"],
);
const text = fc
  .oneof(
    awkward,
    fc.string({ unit: "binary" }),
    fc.array(awkward).map((parts) => parts.join("")),
    fc.json(),
  )
  .map((value) => value.replaceAll("\u0000", ""));

test("given any texts and nulls, when handed over as an array, then the engine reads the same ones", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
      const [row] = await database.query("select $1::text[] as read", [values]);
      // What is half a character cannot be stored as UTF-8 and becomes the replacement character.
      expect(row!["read"]).toEqual(values.map((value) => value?.toWellFormed() ?? null));
    }),
    { numRuns: 300 },
  );
});

test("given more and longer texts than were written before, when handed over, then the engine reads the same ones", async () => {
  const values = Array.from({ length: 3_000 }, (_, place) => "€".repeat(place % 400));
  const [row] = await database.query("select $1::text[] as read", [values]);
  expect(row!["read"]).toEqual(values);
});

test("given a text that no engine can store, when handed over, then it is refused", async () => {
  await expect(database.query("select $1::text[]", [["a\u0000b"]])).rejects.toThrow(/0x00/);
});

test("given a statement, when its arrays of texts are looked for, then those it casts are found", () => {
  const statement =
    "select $2::text[], $1::int[], $11::text[], $3::text, array['$4::text']::text[]";
  expect([...textArrayParameters(statement)]).toEqual([2, 11]);
  expect(textArray(["a", 1])).toBeNull();
});

test("given numbers, truth values and instants, when handed over as arrays, then the engine reads them", async () => {
  const at = new Date("2026-02-03T04:05:06.789Z");
  const [row] = await database.query(
    "select $1::int[] as n, $2::boolean[] as b, $3::float8[] as f, $4::timestamptz[] as d, $5::text[] as none",
    [[1, -2, null], [true, false, null], [0.5, 1e300, Number.POSITIVE_INFINITY], [at, null], []],
  );
  expect(row).toEqual({
    n: [1, -2, null],
    b: [true, false, null],
    f: [0.5, 1e300, Number.POSITIVE_INFINITY],
    d: [at, null],
    none: [],
  });
});

test("given what is no plain value, then it is left to the driver", () => {
  for (const value of [new Date(), Buffer.from("x"), ["nested"], Number.NaN, "a\nb", "\ud800"]) {
    expect(arrayLiteral(["plain", value])).toBeNull();
  }
});
