import { foldText } from "../text/fold-text.ts";
import { isSimilar, isWithinOneEdit } from "../text/string-distance.ts";
import { type FieldComparator, VALUE_SEPARATOR } from "./field-comparator.ts";
import { nationalDigits } from "./phone-digits.ts";

const ADDRESS = /[^\s<>"',;|]+@[^\s<>"',;|]+/g;
/** Addresses typed where a form insists on one, and those that nobody reads. */
const NOBODY =
  /^(no-?reply|do-?not-?reply|none|no-?e?mail|no-?one|nobody|null|unknown|test|dummy|x{2,}|a{3,}|asdf?)@/;
/** Numbers agree when their last digits do: trunk and country prefixes are written or not. */
export const PHONE_ENDING_DIGITS = 7;

function bestOf<P>(
  left: P[],
  right: P[],
  compare: (left: P, right: P) => number,
  worst: number,
): number {
  let best = worst;
  for (const one of left) for (const other of right) best = Math.min(best, compare(one, other));
  return best;
}

/** Leads an address whose local part is made of the person's name. */
export const NAMED_EMAIL = "=";

interface PreparedEmail {
  readonly address: string;
  readonly local: string;
}

function compareEmails(left: PreparedEmail, right: PreparedEmail): number {
  if (left.address === right.address) return 0;
  if (left.local === right.local) return left.local.length > 2 ? 1 : 3;
  if (isWithinOneEdit(left.address, right.address)) return 2;
  const isClose =
    Math.min(left.local.length, right.local.length) >= 5 &&
    (isWithinOneEdit(left.local, right.local) || isSimilar(left.local, right.local, 0.94));
  return isClose ? 2 : 3;
}

function agreedEmailTerms(code: number, left: PreparedEmail[], right: PreparedEmail[]): string[] {
  if (code > 1) return [];
  const key = code === 0 ? "address" : "local";
  const shared = left.find((one) => right.some((other) => one[key] === other[key]));
  return shared === undefined ? [] : [`${key}:${shared[key]}`];
}

/** E-mail addresses; the part before the @ counts on its own, since people keep it when they change provider. */
export const emailComparator: FieldComparator<PreparedEmail[]> = {
  levels: ["same address", "same local part", "similar", "different"],
  expectedAmongMatches: [0.62, 0.1, 0.08, 0.2],
  expectedAmongDifferent: [0.00001, 0.0001, 0.0005, 0.99939],
  canonical: (text) =>
    [...new Set(foldText(text).match(ADDRESS) ?? [])]
      .filter((address) => !NOBODY.test(address))
      .sort()
      .join(VALUE_SEPARATOR),
  prepare: (canonical) =>
    canonical.split(VALUE_SEPARATOR).map((marked) => {
      const address = marked.replace(NAMED_EMAIL, "");
      if (address !== marked) return { address, local: "" };
      const local = address
        .slice(0, address.lastIndexOf("@"))
        .replace(/\+.*$/, "")
        .replace(/[._-]/g, "");
      return { address, local };
    }),
  compare: (left, right) => bestOf(left, right, compareEmails, 3),
  termsOf: (value) =>
    value.flatMap(({ address, local }) => [
      `address:${address}`,
      ...(local === "" ? [] : [`local:${local}`]),
    ]),
  agreedTerms: agreedEmailTerms,
};

function comparePhones(left: string, right: string): number {
  if (left === right) return 0;
  const ending = Math.min(left.length, right.length, 9);
  if (left.slice(-ending) === right.slice(-ending) && ending >= PHONE_ENDING_DIGITS - 1) return 1;
  if (left.slice(-PHONE_ENDING_DIGITS) === right.slice(-PHONE_ENDING_DIGITS)) return 1;
  return isWithinOneEdit(left.slice(-9), right.slice(-9)) ? 2 : 3;
}

/** Phone numbers by their digits. */
export const phoneComparator: FieldComparator<string[]> = {
  levels: ["same number", "same last digits", "one digit apart", "different"],
  expectedAmongMatches: [0.6, 0.08, 0.04, 0.28],
  expectedAmongDifferent: [0.00001, 0.00001, 0.00001, 0.99997],
  canonical: (text) => {
    const numbers = text
      .split(/[|;,/]/)
      .map(nationalDigits)
      .filter((digits) => digits !== "");
    return [...new Set(numbers)].sort().join(VALUE_SEPARATOR);
  },
  prepare: (canonical) => canonical.split(VALUE_SEPARATOR),
  compare: (left, right) => bestOf(left, right, comparePhones, 3),
  termsOf: (value) => value.map((digits) => `ending:${digits.slice(-PHONE_ENDING_DIGITS)}`),
  agreedTerms: (code, left, right) => {
    if (code > 1) return [];
    const endings = right.map((digits) => digits.slice(-PHONE_ENDING_DIGITS));
    const shared = left
      .map((digits) => digits.slice(-PHONE_ENDING_DIGITS))
      .find((one) => endings.includes(one));
    return shared === undefined ? [] : [`ending:${shared}`];
  },
};

/** Passport, licence, social security, customer numbers: letters and digits only. */
export const identifierComparator: FieldComparator<string> = {
  levels: ["same", "one character apart", "different"],
  expectedAmongMatches: [0.93, 0.05, 0.02],
  expectedAmongDifferent: [0.000001, 0.00001, 0.999989],
  // Two passports are two persons more surely than a small file could teach.
  expectationStrength: 100,
  canonical: (text) => foldText(text).replace(/[^\p{L}\p{N}]/gu, ""),
  prepare: (canonical) => canonical,
  compare: (left, right) => {
    if (left === right) return 0;
    return left.length >= 5 && isWithinOneEdit(left, right) ? 1 : 2;
  },
};
