import { expect, test } from "@jest/globals";
import { buildSchema } from "../../subgraphs/identity/domain/matching/schema/build-schema.ts";
import { profileColumns } from "../../subgraphs/identity/domain/matching/schema/profile-columns.ts";
import { recogniseColumns } from "../../subgraphs/identity/domain/matching/schema/recognise-columns.ts";
import { canonicalRecord } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import type { SourceRow } from "../../subgraphs/identity/domain/matching/schema/source-row.ts";

const STATEMENTS = { roleByColumn: new Map(), ignored: new Set<string>() };

function readAll(rows: SourceRow[]) {
  const profiles = profileColumns(rows);
  const columns = recogniseColumns(profiles, STATEMENTS);
  const schema = buildSchema(columns, profiles);
  const read = rows.map((row) => {
    const values = canonicalRecord(row, schema);
    return Object.fromEntries(
      schema.fields.flatMap(({ kind }, at) => (values[at] === "" ? [] : [[kind, values[at]]])),
    );
  });
  return { columns, read, fields: schema.fields };
}

test("given one column of name, birth date and city, when read, then each is a field of its own", () => {
  const { columns, read } = readAll([
    { eintrag: "Dr. Anna Müller, 12.03.1980, Berlin" },
    { eintrag: "Peter Schmidt, 01.12.1975, Hamburg" },
    { eintrag: "Schulz, Maria; geb. 30.07.1991; Bremen" },
  ]);
  expect(columns).toMatchObject([{ column: "eintrag", role: "mixed" }]);
  expect(read).toEqual([
    { name: "anna//muller", date: "1980-03-12", place: "berlin" },
    { name: "peter//schmidt", date: "1975-12-01", place: "hamburg" },
    { name: "maria//schulz", date: "1991-07-30", place: "bremen" },
  ]);
});

test("given name, address, phone and e-mail in one column, when read, then none of them is lost", () => {
  const { read } = readAll([
    {
      person: "Mary Lewis, 67 Cedar Lane, Bristol 14515, tel +1 943 746 911, rider24@mail.example",
    },
    { person: "James Scott | 37 Oak Ave | Boston 22340 | 696-402-7075 | blue1582@mail.example" },
  ]);
  expect(read[0]).toMatchObject({
    name: "mary//lewis",
    phone: "943746911",
    email: "rider24@mail.example",
    street: "67 cedar lane bristol 14515",
  });
  expect(read[1]).toMatchObject({ name: "james//scott", phone: "6964027075" });
});

test("given labelled lines in one column, when read, then the labels are no part of the values", () => {
  const { columns, read } = readAll([
    { record: "Name: Anna Weiss\nBorn: 1980-03-12\nCity: Salem\nEmail: rider@mail.example" },
    { record: "Name: Paul Gross\nBorn: 1950-03-13\nCity: Dover\nEmail: star@mail.example" },
  ]);
  expect(columns).toMatchObject([{ role: "mixed" }]);
  expect(read[0]).toEqual({
    name: "anna//weiss",
    date: "1980-03-12",
    email: "rider@mail.example",
    place: "salem",
  });
});

test("given remarks with dates beside a name, when recognised, then they are no mixed column", () => {
  const { columns } = readAll([
    { first_name: "Anna", last_name: "Weiss", remark: "Anna called, 12.03.2024, paid" },
    { first_name: "Paul", last_name: "Gross", remark: "Paul called, 13.03.2024, paid" },
  ]);
  expect(columns.map(({ role }) => role)).not.toContain("mixed");
});

test("given a file with name columns and one of free text, when linked, then the free text is read", () => {
  const { columns, read, fields } = readAll([
    { first_name: "Anna", last_name: "Weiss", dob: "1980-03-12", city: "Berlin" },
    { first_name: "Paul", last_name: "Gross", dob: "1981-03-12", city: "Bonn" },
    { entry: "Anna Weiss, 12.03.1980, Berlin" },
    { entry: "Paul Gross, 12.03.1981, Bonn" },
  ]);
  expect(columns.at(-1)).toMatchObject({ column: "entry", role: "mixed" });
  expect(read[2]).toEqual(read[0]);
  expect(fields.filter(({ kind }) => kind === "place")).toHaveLength(1);
});

test("given plain e-mails, dates, phones or addresses, when recognised, then they are no mixed columns", () => {
  const { columns } = readAll([
    {
      a: "anna@mail.example",
      b: "1980-03-12",
      c: "+49 30 1234567",
      d: "12 Oak Street, Salem 12345",
    },
    {
      a: "paul@mail.example",
      b: "1950-03-13",
      c: "+49 30 7654321",
      d: "13 Oak Street, Dover 12346",
    },
  ]);
  expect(columns.map(({ role }) => role)).not.toContain("mixed");
});

test("given a column of address and phone beside the name, when read, then both are fields", () => {
  const { columns, read } = readAll([
    { name: "Anna Weiss", contact: "Hessgasse 8, 12957 Lübz, 0640 083770" },
    { name: "Paul Gross", contact: "12 Main St, Dover 30301-1234 / tel. +49 151 2345678" },
    { name: "Maria Schulz", contact: "Lindenallee 3, 20095 Hamburg" },
  ]);
  expect(columns).toMatchObject([{ role: "fullName" }, { role: "mixed" }]);
  expect(read).toEqual([
    { name: "anna//weiss", phone: "640083770", street: "hessgasse 8 12957 lubz" },
    { name: "paul//gross", phone: "1512345678", street: "12 main street dover 30301 1234" },
    { name: "maria//schulz", street: "lindenallee 3 20095 hamburg" },
  ]);
});

test("given phone numbers with who answers beside the name, when read, then the name is not told twice", () => {
  const { columns } = readAll([
    { name: "Anna Weiss", contact: "Anna Weiss <anna.weiss@mail.example>" },
    { name: "Peter Gross", contact: "Peter Gross <gross7@mail.example>" },
  ]);
  expect(columns[1]!.role).not.toBe("mixed");
});

test("given a column of an e-mail address or a phone number, when read, then each is what it is", () => {
  const { columns, read } = readAll([
    { name: "Anna Weiss", contact: "ann@mail.example" },
    { name: "Paul Gross", contact: "+49 151 2345678" },
    { name: "Maria Schulz", contact: "0171 9876543\u001fmaria@mail.example" },
  ]);
  expect(columns[1]).toMatchObject({ role: "mixed" });
  expect(read).toMatchObject([
    { email: "ann@mail.example" },
    { phone: "1512345678" },
    { phone: "1719876543", email: "=maria@mail.example" },
  ]);
});
