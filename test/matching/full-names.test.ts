import { describe, expect, test } from "@jest/globals";
import { readPersonName } from "../../subgraphs/identity/domain/matching/fields/person-name.ts";
import { splitFullName } from "../../subgraphs/identity/domain/matching/fields/split-full-name.ts";
import { areSurnamesFirst } from "../../subgraphs/identity/domain/matching/schema/name-columns.ts";

describe("whole names", () => {
  test.each<[string, string, string]>([
    ["Anna Berg", "anna", "berg"],
    ["DUPONT Jean", "jean", "dupont"],
    ["Jean DUPONT", "jean", "dupont"],
    ["de la CRUZ Ana", "ana", "de la cruz"],
    ["Müller, Hans", "hans", "muller"],
    ["Ludwig van Beethoven", "ludwig", "van beethoven"],
    ["王小明", "小明", "王"],
    ["欧阳娜娜", "娜娜", "欧阳"],
    ["佐藤健一", "健一", "佐藤"],
    ["김민준", "민준", "김"],
    ["山田 太郎", "太郎", "山田"],
  ])(
    "given %s, when split, then the given name is %s and the surname %s",
    (full, given, surname) => {
      const split = splitFullName(full, false);
      expect([split.given.join(" "), split.surname.join(" ")]).toEqual(
        // Hangul is folded to its letters and back: compared in one form.
        [given, surname].map((part) => part.normalize("NFC")),
      );
    },
  );

  test("given a column whose names begin with the surname, then each is split that way", () => {
    const names = ["Nagy László", "Kovács Anna", "Szabó Péter", "Tóth Mária", "Horváth Zoltán"];
    expect(areSurnamesFirst(names)).toBe(true);
    expect(splitFullName("Nagy László", true)).toMatchObject({
      given: ["laszlo"],
      surname: ["nagy"],
    });
    expect(areSurnamesFirst(["Anna Berg", "Peter Stein", "Maria Hof"])).toBe(false);
  });
});

test.each([
  [{ full: "José da Silva Filho" }, { given: "jose", surname: "da silva", generation: "2" }],
  [{ full: "Ana Neto" }, { given: "ana", surname: "neto", generation: "" }],
  [
    { given: "Don", surname: "Draper" },
    { given: "don", surname: "draper" },
  ],
  [{ full: "Prof. Dr. med. Eva Kern" }, { given: "eva", surname: "kern" }],
  [{ full: "田中太郎様" }, { given: "太郎", surname: "田中" }],
  [{ full: "김민준님" }, { given: "minjun", surname: "kim" }],
  [{ given: "Anna", surname: "Berg", generation: "III" }, { generation: "3" }],
])("given %j, when the name is read, then it is %j", (parts, expected) => {
  expect(readPersonName(parts)).toMatchObject(expected);
});

test.each<[string, string, string, string, string]>([
  ["サトウ", "ショウタ", "Sato", "Shota", "katakana"],
  ["いとう", "じゅんいち", "Ito", "Junichi", "hiragana"],
  ["김", "지훈", "Kim", "Jihun", "Hangul"],
  ["박", "수진", "Park", "Sujin", "Hangul, a surname as it is usually written"],
])(
  "given %s %s and %s %s (%s), when read, then both are one name",
  (surname, given, latinSurname, latinGiven) => {
    const inLatin = readPersonName({ surname: latinSurname, given: latinGiven });
    expect(readPersonName({ surname, given })).toEqual(inLatin);
    expect(readPersonName({ full: `${surname} ${given}` })).toEqual(inLatin);
  },
);

test("given names in kana and in Latin letters in one column, then the kana tell that surnames come first", () => {
  expect(areSurnamesFirst(["タナカ ケイコ", "サトウ ヒロシ", "Suzuki Hanako"])).toBe(true);
  expect(areSurnamesFirst(["タナカ ケイコ", "Hiroshi Sato", "Yuki Mori"])).toBe(false);
});
