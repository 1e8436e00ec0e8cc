import { wordsOf } from "../text/fold-text.ts";
import { isSimilar, isWithinOneEdit } from "../text/string-distance.ts";
import type { FieldComparator } from "./field-comparator.ts";

interface PreparedPlace {
  readonly text: string;
  readonly words: string[];
}

const isClose = (left: string, right: string) =>
  Math.min(left.length, right.length) >= 3 &&
  (isWithinOneEdit(left, right) || isSimilar(left, right, 0.92));

function comparePlaces(left: PreparedPlace, right: PreparedPlace): number {
  if (left.text === right.text) return 0;
  if (
    isClose(left.text, right.text) ||
    left.text.replaceAll(" ", "") === right.text.replaceAll(" ", "")
  )
    return 1;
  return left.words.some((word) => word.length >= 4 && right.words.includes(word)) ? 2 : 3;
}

/** Cities, suburbs, birth places, occupations: short texts of a few words. */
export const placeComparator: FieldComparator<PreparedPlace> = {
  levels: ["same", "similar", "one word in common", "different"],
  expectedAmongMatches: [0.75, 0.09, 0.04, 0.12],
  expectedAmongDifferent: [0.03, 0.005, 0.015, 0.95],
  canonical: (text) => wordsOf(text).join(" "),
  prepare: (text) => ({ text, words: text.split(" ") }),
  compare: comparePlaces,
};

/** Closed lists such as gender, state, country: equal, nearly equal, or not. */
export const categoryComparator: FieldComparator<string> = {
  levels: ["same", "similar", "different"],
  expectedAmongMatches: [0.87, 0.03, 0.1],
  expectedAmongDifferent: [0.3, 0.02, 0.68],
  canonical: (text) => wordsOf(text).join(" "),
  prepare: (text) => text,
  compare: (left, right) => {
    if (left === right) return 0;
    return Math.min(left.length, right.length) >= 2 && isWithinOneEdit(left, right) ? 1 : 2;
  },
};

const GENDERS: readonly [RegExp, string][] = [
  [
    /^(f|female|w|weiblich|woman|femme|femenino|mujer|feminino|femminile|frau|mrs|ms|miss|vrouw|kobieta|ж|zh|жен.*)$/,
    "f",
  ],
  [
    /^(m|male|man|mannlich|maennlich|homme|masculin|masculino|hombre|maschile|herr|mr|mann?|h|муж.*|muzh.*)$/,
    "m",
  ],
];

/** Gender as it is written in several languages; "unknown" says nothing. */
export const genderComparator: FieldComparator<string> = {
  levels: ["same", "different"],
  expectedAmongMatches: [0.95, 0.05],
  expectedAmongDifferent: [0.5, 0.5],
  canonical: (text) => {
    const word = wordsOf(text)[0] ?? "";
    return (
      GENDERS.find(([pattern]) => pattern.test(word))?.[1] ??
      (/^(u|unknown|na|none|x)$/.test(word) ? "" : word)
    );
  },
  prepare: (text) => text,
  compare: (left, right) => (left === right ? 0 : 1),
};

interface PreparedPostcode {
  readonly code: string;
  readonly district: string;
  readonly area: string;
}

/** The part that names a district: UK outward code, else the first two or three characters. */
export function postcodeDistrict(code: string): string {
  if (/^[a-z]{1,2}\d/.test(code) && !/^[a-z]\d[a-z]\d?[a-z]?\d?$/.test(code)) {
    return code.length > 4 ? code.slice(0, -3) : code;
  }
  return code.slice(0, Math.max(2, Math.min(3, code.length - 2)));
}

function comparePostcodes(left: PreparedPostcode, right: PreparedPostcode): number {
  if (left.code === right.code) return 0;
  if (isWithinOneEdit(left.code, right.code)) return 1;
  if (left.district === right.district) return 2;
  return left.area === right.area ? 3 : 4;
}

/** Postal codes of any country. */
export const postcodeComparator: FieldComparator<PreparedPostcode> = {
  levels: ["same", "one character apart", "same district", "same area", "different"],
  expectedAmongMatches: [0.72, 0.08, 0.06, 0.04, 0.1],
  expectedAmongDifferent: [0.002, 0.004, 0.02, 0.074, 0.9],
  canonical: (text) => {
    const code = wordsOf(text).join("");
    return /^\d{9}$/.test(code) ? code.slice(0, 5) : code;
  },
  prepare: (code) => ({
    code,
    district: postcodeDistrict(code),
    area: code.match(/^[a-z]+/)?.[0] ?? code.slice(0, 2),
  }),
  compare: comparePostcodes,
  termsOf: ({ code, district, area }) => [`code:${code}`, `district:${district}`, `area:${area}`],
  agreedTerms: (code, left) => {
    if (code === 0) return [`code:${left.code}`];
    if (code === 2) return [`district:${left.district}`];
    return code === 3 ? [`area:${left.area}`] : [];
  },
};
