import { expect, test } from "@jest/globals";
import { buildSchema } from "../../subgraphs/identity/domain/matching/schema/build-schema.ts";
import { roleByContent } from "../../subgraphs/identity/domain/matching/schema/column-content.ts";
import {
  roleByHeader,
  roleOfAmbiguousHeader,
} from "../../subgraphs/identity/domain/matching/schema/column-roles.ts";
import type { ColumnRole } from "../../subgraphs/identity/domain/matching/schema/column-role.ts";
import { profileColumns } from "../../subgraphs/identity/domain/matching/schema/profile-columns.ts";
import { recogniseColumns } from "../../subgraphs/identity/domain/matching/schema/recognise-columns.ts";

test.each<[string, ColumnRole]>([
  ["FAMILY_NAME", "surname"],
  ["lastName", "surname"],
  ["Nachname", "surname"],
  ["apellidos", "surname"],
  ["Vorname", "givenName"],
  ["prénom", "givenName"],
  ["PRIMARY_NAME_FIRST", "givenName"],
  ["full_name", "fullName"],
  ["dob", "birthDate"],
  ["Date of Birth", "birthDate"],
  ["Geb.-Datum", "birthDate"],
  ["fecha_nacimiento", "birthDate"],
  ["E-Mail", "email"],
  ["customer_email", "email"],
  ["Telefonnummer", "phone"],
  ["mobile_phone", "phone"],
  ["ADDR_LINE1", "street"],
  ["Straße", "street"],
  ["street_number", "houseNumber"],
  ["Hausnr.", "houseNumber"],
  ["ADDR_POSTAL_CODE", "postcode"],
  ["postcode_fake", "postcode"],
  ["PLZ", "postcode"],
  ["code postal", "postcode"],
  ["birth_place", "place"],
  ["Wohnort", "city"],
  ["suburb", "city"],
  ["Bundesland", "region"],
  ["Priezvisko", "surname"],
  ["Ansprechpartner", "fullName"],
  ["Data ur.", "birthDate"],
  ["Дата рожд.", "birthDate"],
  ["Nr telefonu", "phone"],
  ["휴대폰번호", "phone"],
  ["SĐT", "phone"],
  ["Obec", "city"],
  ["Ulice a č.p.", "street"],
  ["Straße/Hausnr.", "street"],
  ["soc_sec_id", "identifier"],
  ["PASSPORT_NUMBER", "identifier"],
  ["PASSPORT_COUNTRY", "ignored"],
  ["PHONE_TYPE", "ignored"],
  ["ADDR_STATE", "region"],
  ["Soyadı", "surname"],
  ["姓", "surname"],
  ["имя", "givenName"],
  ["Прізвище", "surname"],
  ["氏名", "fullName"],
  ["ชื่อ-นามสกุล", "fullName"],
  ["الاسم الكامل", "fullName"],
  ["שם משפחה", "surname"],
  ["जन्म तिथि", "birthDate"],
  ["Születési dátum", "birthDate"],
  ["תאריך לידה", "birthDate"],
  ["手机号码", "phone"],
  ["ईमेल", "email"],
  ["郵便番号", "postcode"],
  ["cluster", "ignored"],
  ["created_at", "ignored"],
])("given the header %s, then it is %s", (header, role) => {
  expect(roleByHeader(header)).toBe(role);
});

test("given a column called name, then it is the surname beside a given name and else the full name", () => {
  expect(roleOfAmbiguousHeader("Name", new Set<ColumnRole>(["givenName"]))).toBe("surname");
  expect(roleOfAmbiguousHeader("Name", new Set<ColumnRole>())).toBe("fullName");
  expect(roleOfAmbiguousHeader("nombre", new Set<ColumnRole>(["surname"]))).toBe("givenName");
  expect(roleOfAmbiguousHeader("Employer", new Set<ColumnRole>(["email"]))).toBe("organisation");
  expect(roleOfAmbiguousHeader("Employer", new Set<ColumnRole>(["organisation"]))).toBe("text");
});

function profile(column: string, values: string[]) {
  return profileColumns(values.map((value) => ({ [column]: value })))[0]!;
}

test.each<[ColumnRole, string[]]>([
  ["email", ["a@b.de", "c.d@e.org"]],
  ["gender", ["m", "f", "w", "m"]],
  ["birthDate", ["1931-04-02", "1960-01-30", "1999-12-31", "1975-07-08"]],
  ["phone", ["+49 170 1234567", "0351-7654321"]],
  ["fullName", ["Anna Berg", "Peter Stein", "Maria Hof"]],
  ["givenName", ["Anna", "Peter", "Maria", "Zoltan"]],
  ["postcode", ["TA4 2UU", "SG18 9TB"]],
  ["street", ["12 Main Street", "4 Poppy Hills Dr"]],
])("given values of kind %s without a telling header, then the content tells", (role, values) => {
  expect(roleByContent(profile("x7", values))).toBe(role);
});

test.each<[string, ColumnRole, string[]]>([
  ["تاريخ الميلاد", "birthDate", ["٣/٤/١٩٨٠", "١٢/٠٥/١٩٧٥"]],
  ["x7", "birthDate", ["१३-०४-१९३१", "०५-०६-१९९०"]],
  ["電話番号", "phone", ["０９０−１２３４−５６７８", "０３−１２３４−５６７８"]],
])("given %s with digits of another script, then it is %s", (column, role, values) => {
  const statements = { roleByColumn: new Map<string, ColumnRole>(), ignored: new Set<string>() };
  expect(recogniseColumns([profile(column, values)], statements)).toMatchObject([{ role }]);
});

test("given what the caller states, then it outweighs the header", () => {
  const columns = recogniseColumns(
    [profile("first_name", ["Berg", "Stein"]), profile("zz", ["Anna", "Peter"])],
    {
      roleByColumn: new Map<string, ColumnRole>([["first_name", "surname"]]),
      ignored: new Set(["zz"]),
    },
  );
  expect(columns.map(({ role, reason }) => [role, reason])).toEqual([
    ["surname", "stated"],
    ["ignored", "stated"],
  ]);
});

test("given headers that say nothing, then e-mail addresses and neighbours tell the columns of names", () => {
  const people = [
    ["Zyra", "Quell", "zyra.quell@mail.example"],
    ["Oddo", "Brask", "obrask@mail.example"],
    ["Fenja", "Tolm", "fenja.t@mail.example"],
    ["Ulvi", "Marn", "ulvi@mail.example"],
  ];
  const rows = people.map(([a, b, c]) => ({ a: a!, b: b!, c: c! }));
  const columns = recogniseColumns(profileColumns(rows), {
    roleByColumn: new Map(),
    ignored: new Set(),
  });
  expect(columns.map(({ role }) => role).sort()).toEqual(["email", "givenName", "surname"]);
});

test("given two files that call one thing by two names, then both columns are one field", () => {
  const rows = [
    ...["12 Main Street", "4 Oak Road"].map((street) => ({ street, Straße: "" })),
    ...["Steinweg 4", "Am Markt 7"].map((line) => ({ street: "", Straße: line })),
  ];
  const profiles = profileColumns(rows);
  const statements = { roleByColumn: new Map<string, ColumnRole>(), ignored: new Set<string>() };
  const { fields } = buildSchema(recogniseColumns(profiles, statements), profiles);
  expect(fields.map(({ columns }) => columns)).toEqual([["street", "Straße"]]);
});
