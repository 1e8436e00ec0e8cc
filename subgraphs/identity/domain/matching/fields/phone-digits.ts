const DIGITS_MIN = 6;
/** Calling codes of one and two digits; all others have three. */
const SHORT_CALLING_CODES = /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const CALLING_CODE_DIGITS_MAX = 3;

function withoutCallingCode(international: string): string {
  const short = SHORT_CALLING_CODES.exec(international)?.[0].length;
  return international.slice(short ?? CALLING_CODE_DIGITS_MAX);
}

/** 0000000, 9999999999, 1234567890: typed where a form insists on a number. */
const isPlaceholder = (digits: string) =>
  /^(\d)\1+$/.test(digits) ||
  "01234567890123456789".includes(digits) ||
  "9876543210".includes(digits);

/**
 * The digits of a number as dialled inside its country, without trunk zeros: +49 (0)151 2345, 0049151 2345 and
 * 0151 2345 are one. "" where there are too few to tell a number.
 */
export function nationalDigits(text: string): string {
  const written = text.replace(/(ext|x|#).*$/i, "").replace(/\(0\)/g, "");
  const digits = written.replace(/\D/g, "");
  const isInternational = /^\D*\+/.test(written) || digits.startsWith("00");
  let national = digits.replace(/^0+/, "");
  if (isInternational && national.length > DIGITS_MIN + 1)
    national = withoutCallingCode(national).replace(/^0/, "");
  else if (/^1[2-9]\d{9}$/.test(digits)) national = digits.slice(1);
  return national.length >= DIGITS_MIN && !isPlaceholder(national) ? national : "";
}
