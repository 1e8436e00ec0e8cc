import { expect, test } from "@jest/globals";
import { forgetGenericValues } from "../../subgraphs/identity/domain/matching/encoding/generic-values.ts";
import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import { canonicalRecord } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import type { SourceRow } from "../../subgraphs/identity/domain/matching/schema/source-row.ts";
import { schemaOf } from "./match-sample.ts";

const GIVEN = "Anna Bruno Carla David Elena Fritz Greta Hanno Irene Jonas Klara Ludwig".split(" ");
const SURNAMES =
  "Adler Becker Conrad Decker Ebert Fuchs Geiger Huber Iffland Jung Kaiser Lang".split(" ");

/** Twelve persons of different names, each with a phone of its own but for those who share one. */
const rowsOf = (
  phoneOf: (person: number) => string,
  surnameOf = (person: number) => SURNAMES[person]!,
) =>
  GIVEN.map((given, person) => ({
    first_name: given,
    last_name: surnameOf(person),
    phone: phoneOf(person),
  }));

function forgotten(rows: readonly SourceRow[]): readonly string[] {
  const table = new RecordTable(schemaOf(rows));
  for (const row of rows) table.add(row);
  table.seal();
  forgetGenericValues(table);
  return table.schema.fields.find(({ kind }) => kind === "phone")!.generic ?? [];
}

const own = (person: number) => `0151 23456${person + 10}`;
const switchboard = "030 7654321";

test("given a number that unrelated persons share, when generic values are sought, then it is one", () => {
  const found = forgotten(rowsOf((person) => (person < 10 ? switchboard : own(person))));
  expect(found).toEqual(["307654321"]);
});

test("given a number that one family shares, then it stays", () => {
  const family = rowsOf(
    (person) => (person < 10 ? switchboard : own(person)),
    (person) => (person < 10 ? "Adler" : SURNAMES[person]!),
  );
  expect(forgotten(family)).toEqual([]);
});

test("given a generic number beside a real one, when the record is read, then the real one is left", () => {
  const rows = rowsOf((person) => (person < 10 ? switchboard : own(person)));
  const schema = schemaOf(rows);
  const fields = schema.fields.map((plan) =>
    plan.kind === "phone" ? { ...plan, generic: ["307654321"] } : plan,
  );
  const read = (phone: string) => canonicalRecord({ phone }, { ...schema, fields }).at(-1);
  expect(read(`${switchboard}\u001f0151 2345678`)).toBe("1512345678");
  expect(read(switchboard)).toBe("");
});
