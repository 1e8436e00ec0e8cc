import { describe, expect, test } from "@jest/globals";
import {
  compareNames,
  prepareName,
} from "../../subgraphs/identity/domain/matching/fields/compare-name.ts";
import { nameCodeLabel } from "../../subgraphs/identity/domain/matching/fields/name-codes.ts";
import { canonicalDate } from "../../subgraphs/identity/domain/matching/fields/read-date.ts";
import {
  comparatorOf,
  type FieldKind,
} from "../../subgraphs/identity/domain/matching/fields/field-kind.ts";
import { readPersonName } from "../../subgraphs/identity/domain/matching/fields/person-name.ts";
import { foldText } from "../../subgraphs/identity/domain/matching/text/fold-text.ts";
import { phoneticCode } from "../../subgraphs/identity/domain/matching/text/phonetic-code.ts";
import {
  isSimilar,
  isWithinOneEdit,
  jaroWinkler,
} from "../../subgraphs/identity/domain/matching/text/string-distance.ts";

const hints = { isDayFirst: true };

function levelOf(kind: FieldKind, left: string, right: string): string {
  const comparator = comparatorOf(kind);
  const [one, other] = [left, right].map((text) =>
    comparator.prepare(comparator.canonical(text, hints)),
  );
  const code = comparator.compare(one, other);
  expect(comparator.compare(other, one)).toBe(code);
  return comparator.levels[code]!;
}

test.each([
  ["martha", "marhta", 0.9611],
  ["dwayne", "duane", 0.84],
  ["dixon", "dicksonx", 0.8133],
  ["abc", "xyz", 0],
])("given published pairs, when %s meets %s, then Jaro-Winkler is %d", (left, right, expected) => {
  expect(jaroWinkler(left, right)).toBeCloseTo(expected, 3);
  expect(isSimilar(left, right, expected - 0.001)).toBe(true);
  expect(isSimilar(left, right, expected + 0.001)).toBe(false);
});

test.each([
  ["smith", "smith", true],
  ["smith", "smiht", true],
  ["smith", "smth", true],
  ["smith", "smiith", true],
  ["smith", "smyth", true],
  ["smith", "smythe", false],
  ["smith", "htims", false],
  ["", "a", true],
])("given %s and %s, then one edit apart is %s", (left, right, expected) => {
  expect(isWithinOneEdit(left, right)).toBe(expected);
});

test.each([
  ["Müller-Lüdenscheidt", "muller-ludenscheidt"],
  ["Ørsted", "orsted"],
  ["Łukasz", "lukasz"],
  ["Пётр", "petr"],
  ["Γιώργος", "giorgos"],
  ["王杰", "王杰"],
  ["한국", "한국"],
  ["तारा", "तारा"],
])("given %s, when folded, then it reads %s", (text, expected) => {
  expect(foldText(text)).toBe(expected);
});

test.each([
  ["meyer", "maier"],
  ["schmidt", "schmitt"],
  ["philip", "filip"],
  ["kowalski", "cowalsky"],
])("given %s and %s, then they sound alike", (left, right) =>
  expect(phoneticCode(left)).toBe(phoneticCode(right)),
);

test.each([
  [
    { full: "Dr. Anna-Lena von der Heide" },
    { given: "anna-lena", middle: "", surname: "von der heide" },
  ],
  [{ full: "SMITH, John Q." }, { given: "john", middle: "q", surname: "smith" }],
  [
    { given: "Maria Luis", surname: "Sentosa" },
    { given: "maria", middle: "luis", surname: "sentosa" },
  ],
  [
    { given: "Sir", surname: "Baronet", full: "Sir William Temple, Baronet" },
    { given: "william", surname: "temple" },
  ],
  [
    { surname: "Klein Jr", given: "Morris" },
    { given: "morris", surname: "klein", generation: "2" },
  ],
  [{ full: "Cher" }, { given: "cher", surname: "" }],
])("given %j, when the name is read, then it is %j", (parts, expected) => {
  expect(readPersonName(parts)).toMatchObject(expected);
});

test("given only titles, when the name is read, then there is none", () => {
  expect(readPersonName({ full: "Sir, 3rd Baronet" })).toBeUndefined();
});

test.each([
  ["robert//smith", "bob//smith", "given nickname, surname same"],
  ["robert//smith", "robret//smyth", "given similar, surname similar"],
  ["mark//kusha", "marsha//kusha", "given different, surname same"],
  ["jay//jones", "jones//jay", "given name and surname swapped"],
  ["b//smith", "bob//smith", "given initial, surname same"],
  ["anna/maria/lopez", "maria//lopez", "given among the others, surname same"],
  ["nessie//", "agnes//beaumont", "given name nickname"],
  ["//webb", "//webxb", "surname similar"],
  ["hans//meier", "hans//meyer", "given same, surname similar"],
])("given the names %s and %s, then: %s", (left, right, expected) => {
  const [one, other] = [left, right].map((name) => {
    const [given, middle, surname] = name.split("/") as [string, string, string];
    return prepareName(given, middle, surname);
  });
  expect(nameCodeLabel(compareNames(one!, other!))).toBe(expected);
  expect(compareNames(other!, one!)).toBe(compareNames(one!, other!));
});

test.each([
  ["linda//jones", "barbara//jones", "given another known name, surname same"],
  ["litda//jones", "barbara//jones", "given different, surname same"],
  ["jon//jones", "john//jones", "given nickname, surname same"],
  ["maria//jones", "mario//jones", "given similar, two known names, surname same"],
  ["ann//jones", "ann//smith", "given same, surname another known name"],
])("given %s and %s, when others bear the names too, then: %s", (left, right, expected) => {
  const { compare, knownOf, refine, prepare, levels } = comparatorOf("name");
  const [one, other] = [prepare(left), prepare(right)];
  const known = new Set(["surname:jones", "surname:smith", "given:mario", "given:linda"]);
  const [oneKnown, otherKnown] = [one, other].map((name) =>
    knownOf!(name, (term) => known.has(term)),
  );
  const code = refine!(compare(one, other), oneKnown!, otherKnown!);
  expect(levels[code]).toBe(expected);
});

describe("dates", () => {
  test.each([
    ["1980-04-03", "1980-04-03"],
    ["03.04.1980", "1980-04-03"],
    ["3/4/80", "1980-04-03"],
    ["4/13/1980", "1980-04-13"],
    ["19800403", "1980-04-03"],
    ["24-May-11", "2011-05-24"],
    ["Mar 1 1970", "1970-03-01"],
    ["3 avril 1980", "1980-04-03"],
    ["1980", "1980-00-00"],
    ["1980-04", "1980-04-00"],
    ["1980年4月3日", "1980-04-03"],
    ["1836-21-01", "1836-21-01"],
    ["1980-04-03T00:00:00Z", "1980-04-03"],
    ["soon", ""],
    ["", ""],
  ])("given %s, when read, then it is %s", (text, expected) => {
    expect(canonicalDate(text, hints)).toBe(expected);
  });

  test.each([
    ["1980-04-03", "1980-04-03", "same day"],
    ["1980-04-03", "1980-03-04", "day and month swapped"],
    ["1980-04-13", "1980-04-18", "one digit apart"],
    ["1836-01-01", "1836-05-17", "same year, one imprecise"],
    ["1980", "1980-04-03", "same year, one imprecise"],
    ["1980-04-13", "1980-04-25", "same year and month or day"],
    ["1980-04-13", "1942-04-13", "same day and month"],
    ["1980-04-13", "1988-11-02", "within ten years"],
    ["1980-04-13", "1931-11-02", "different"],
  ])("given %s and %s, then: %s", (left, right, expected) => {
    expect(levelOf("date", left, right)).toBe(expected);
  });
});

test.each<[FieldKind, string, string, string]>([
  ["phone", "+39 0352 6553537", "0352 6553537", "same number"],
  ["phone", "(702) 919-1300", "702.919.1300", "same number"],
  ["phone", "702-919-1300", "702-919-1309", "one digit apart"],
  ["email", "Maria <M.Sentosa@fmail.com>", "m.sentosa@fmail.com", "same address"],
  ["email", "sthomp45@a.com", "sthomp45@b.org", "same local part"],
  ["identifier", "294-66-9999", "294669999", "same"],
  ["identifier", "294669999", "294669998", "one character apart"],
  ["postcode", "TA4 2UU", "ta42uu", "same"],
  ["postcode", "ta4 2uu", "ta4 2sz", "same district"],
  ["postcode", "92723-0000", "92723", "same"],
  ["street", "123 Main Street", "123 main st", "same"],
  ["street", "Hardenbergstraße 87", "Hardenbergstr. 87", "same"],
  ["street", "1304 Poppy Hills Dr", "1304 Popy Hills Drive", "similar"],
  ["street", "12 Main Street", "95 Main Street", "similar, number differs"],
  ["gender", "weiblich", "F", "same"],
  ["gender", "Male", "femme", "different"],
  ["organisation", "Müller GmbH", "Muller Ltd", "same"],
])("given the %s values %s and %s, then: %s", (kind, left, right, expected) => {
  expect(levelOf(kind, left, right)).toBe(expected);
});
