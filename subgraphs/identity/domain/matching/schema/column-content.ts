import { canonicalDate } from "../fields/read-date.ts";
import { genderComparator } from "../fields/compare-place.ts";
import { wordsOf } from "../text/fold-text.ts";
import type { ColumnRole } from "./column-role.ts";
import { isKnownGivenName, isWholeEastAsianName, isWordy } from "./name-columns.ts";
import type { ColumnProfile } from "./profile-columns.ts";

const EMAIL = /^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i;
const POSTCODE =
  /^([a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4,6}(-\d{3,4})?|[a-z]\d[a-z] ?\d[a-z]\d|\d{4} ?[a-z]{2}|\d{2}-\d{3})$/i;
/** Also the form of a short phone number; values that many people share tell them apart. */
const JAPANESE_POSTCODE = /^〒?\d{3}-\d{4}$/;
const PHONE = /^\+?[\d\s().\-/]{7,20}$/;
const NUMBER = /^-?[\d.,\s]+$/;
const YEAR_SPAN_OF_BIRTHS = 30;

const shareOf = (values: readonly string[], test: (value: string) => boolean) =>
  values.length === 0 ? 0 : values.filter(test).length / values.length;

function yearsOf(values: readonly string[]): number[] {
  return values
    .map((value) => canonicalDate(value, { isDayFirst: true }))
    .filter((date) => date !== "" && !date.endsWith("-00-00"))
    .map((date) => Number(date.slice(0, 4)))
    .filter((year) => year > 1000 && year < 2100)
    .sort((left, right) => left - right);
}

function looksLikeBirthDates(values: readonly string[]): boolean {
  const dated = values.filter(
    (value) => /\d/.test(value) && /[-/.\s年]|^\d{8}$/.test(value.trim()),
  );
  const years = yearsOf(dated);
  if (years.length < values.length * 0.8 || years.length === 0) return false;
  return (
    years[Math.floor(years.length * 0.95)]! - years[Math.floor(years.length * 0.05)]! >=
    YEAR_SPAN_OF_BIRTHS
  );
}

function looksLikePhones(values: readonly string[]): boolean {
  const isPhone = (value: string) => PHONE.test(value) && (value.match(/\d/g)?.length ?? 0) >= 7;
  return (
    shareOf(values, isPhone) >= 0.8 &&
    shareOf(values, (value) => /[+()\s\-/]|^0/.test(value)) >= 0.3
  );
}

function namedShare(
  values: readonly string[],
  pick: (words: string[]) => string | undefined,
): number {
  return shareOf(values, (value) => {
    const word = pick(wordsOf(value));
    return word !== undefined && isKnownGivenName(word);
  });
}

/** The role the values themselves suggest, for columns whose header says nothing. */
export function roleByContent(profile: ColumnProfile): ColumnRole | undefined {
  const { values } = profile;
  if (values.length === 0) return "ignored";
  if (shareOf(values, (value) => EMAIL.test(value)) >= 0.6) return "email";
  const isGender = (value: string) =>
    wordsOf(value).length === 1 &&
    /^[mf]$/.test(genderComparator.canonical(value, { isDayFirst: true }));
  if (shareOf(values, isGender) >= 0.9) return "gender";
  if (looksLikeBirthDates(values)) return "birthDate";
  if (
    shareOf(values, (value) => JAPANESE_POSTCODE.test(value.trim())) >= 0.85 &&
    profile.distinctShare < 0.9
  )
    return "postcode";
  if (looksLikePhones(values)) return "phone";
  if (shareOf(values, (value) => POSTCODE.test(value.trim())) >= 0.85) return roleOfCodes(profile);
  const words = values.map((value) => wordsOf(value).length);
  const severalWords = words.filter((count) => count >= 2).length / values.length;
  if (namedShare(values, (found) => found[0]) >= 0.3)
    return severalWords >= 0.6 ? "fullName" : "givenName";
  if (isWordy(profile) && shareOf(values, isWholeEastAsianName) >= 0.6) return "fullName";
  if (namedShare(values, (found) => found[1]) >= 0.3 && severalWords >= 0.6) return "fullName";
  return roleOfRest(profile);
}

/** Plain numbers of postcode length are postcodes only where many people share them and they do not count up. */
function roleOfCodes({ values, distinctShare }: ColumnProfile): ColumnRole {
  const isNumeric = shareOf(values, (value) => /^\d+$/.test(value.trim())) > 0.9;
  if (!isNumeric) return "postcode";
  const lengths = new Set(values.map((value) => value.trim().length));
  return lengths.size <= 2 && distinctShare < 0.95 ? "postcode" : "ignored";
}

function roleOfRest({ values, distinctShare }: ColumnProfile): ColumnRole {
  if (shareOf(values, (value) => NUMBER.test(value)) > 0.8) {
    const isLong = shareOf(values, (value) => value.replace(/\D/g, "").length >= 6) > 0.8;
    return isLong && distinctShare > 0.3 && distinctShare < 0.999 ? "identifier" : "ignored";
  }
  if (
    shareOf(
      values,
      (value) => /\d/.test(value) && /\p{L}{3,}/u.test(value) && value.includes(" "),
    ) > 0.6
  )
    return "street";
  if (
    shareOf(values, (value) => value.length > 60) > 0.3 ||
    yearsOf(values).length > values.length * 0.8
  )
    return "ignored";
  const distinct = new Set(values).size;
  if (distinct <= 1) return "ignored";
  return distinct <= 12 ? "category" : "text";
}
