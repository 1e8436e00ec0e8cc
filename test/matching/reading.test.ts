import { describe, expect, test } from "@jest/globals";
import { emailComparator } from "../../subgraphs/identity/domain/matching/fields/compare-contact.ts";
import type { ReadingHints } from "../../subgraphs/identity/domain/matching/fields/field-comparator.ts";
import { nationalDigits } from "../../subgraphs/identity/domain/matching/fields/phone-digits.ts";
import { canonicalDate } from "../../subgraphs/identity/domain/matching/fields/read-date.ts";
import { isFiller } from "../../subgraphs/identity/domain/matching/schema/filler.ts";
import { profileColumns } from "../../subgraphs/identity/domain/matching/schema/profile-columns.ts";
import { readingHints } from "../../subgraphs/identity/domain/matching/schema/reading-hints.ts";
import { foldText } from "../../subgraphs/identity/domain/matching/text/fold-text.ts";

const dayFirst: ReadingHints = { isDayFirst: true };

describe("dates", () => {
  test.each([
    ["3. März 1980", "1980-03-03"],
    ["12 de enero de 1975", "1975-01-12"],
    ["3 апреля 1980 г.", "1980-04-03"],
    ["5 sierpnia 1969", "1969-08-05"],
    ["1980. április 3.", "1980-04-03"],
    ["3-IV-1980", "1980-04-03"],
    ["昭和55年4月3日", "1980-04-03"],
    ["S55.4.3", "1980-04-03"],
    ["平成元年1月8日", "1989-01-08"],
    ["民國69年4月3日", "1980-04-03"],
    ["2523-04-03", "1980-04-03"],
    ["٣/٤/١٩٨٠", "1980-04-03"],
    ["03041980", "1980-04-03"],
    ["1980-04-03 00:00:00", "1980-04-03"],
    ["1/1/0001 12:00:00 AM", ""],
    ["9999-12-31", ""],
    ["0000-00-00", ""],
  ])("given %s, when read, then it is %s", (text, expected) => {
    expect(canonicalDate(text, dayFirst)).toBe(expected);
  });

  test.each<[string, string[], string, string]>([
    ["month first", ["4/13/1980", "3/25/1991", "3/4/1980"], "3/4/1980", "1980-03-04"],
    ["day first", ["13.04.1980", "25.3.1991", "3.4.1980"], "3.4.1980", "1980-04-03"],
    ["year first", ["80-04-13", "91-12-31", "65-04-03"], "65-04-03", "1965-04-03"],
    ["six digits, year first", ["800413", "911231", "650403"], "650403", "1965-04-03"],
    ["spreadsheet days", ["29314", "33000", "25000"], "29314", "1980-04-03"],
    ["seconds since 1970", ["323568000", "-86400000", "700000000"], "323568000", "1980-04-03"],
    [
      "milliseconds",
      ["323568000000", "-86400000000", "700000000000"],
      "323568000000",
      "1980-04-03",
    ],
  ])(
    "given a column of dates (%s), then its values tell how it is read",
    (_, values, text, expected) => {
      const profiles = profileColumns(values.map((dob) => ({ dob })));
      expect(canonicalDate(text, readingHints(["dob"], profiles))).toBe(expected);
    },
  );
});

test.each([
  ["+49 (0)151 2345678", "1512345678"],
  ["0049 151 2345678", "1512345678"],
  ["0151/2345678", "1512345678"],
  ["+1 (702) 919-1300 ext. 4", "7029191300"],
  ["1-702-919-1300", "7029191300"],
  ["+351 912 345 678", "912345678"],
  ["000000000", ""],
  ["1234567890", ""],
  ["999-999-9999", ""],
  ["none", ""],
])("given the phone %s, when read, then its national digits are %s", (text, expected) => {
  expect(nationalDigits(text)).toBe(expected);
});

test.each([
  ["noreply@shop.example", ""],
  ["none@none.example", ""],
  ["Nora.Ply@Shop.example", "nora.ply@shop.example"],
])("given the e-mail %s, when read, then it is %s", (text, expected) => {
  expect(emailComparator.canonical(text, dayFirst)).toBe(expected);
});

test.each([
  "N/A",
  "unknown",
  "keine Angabe",
  "нет данных",
  "不明",
  "لا يوجد",
  "--",
  "???",
  "(null)",
])("given %s, then it says that there is no value", (text) => expect(isFiller(text)).toBe(true));

test.each(["Anna", "0", "Nan Smith", "Xu", "無双"])("given %s, then it is a value", (text) =>
  expect(isFiller(text)).toBe(false),
);

test("given digits of another script, when folded, then they are 0 to 9", () => {
  expect(foldText("٠١٢ ۳۴۵ ६७८ ๙")).toBe("012 345 678 9");
});
