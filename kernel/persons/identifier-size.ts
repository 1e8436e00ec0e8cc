/** Characters of an identifier's value; longer ones identify nobody. */
export const identifierCharactersMax = 512;
/** Bytes of it in UTF-8: two of them have room in one key of an index. */
export const identifierBytesMax = 1_024;

/** Whether a value is short enough to identify somebody. */
export function isIdentifierSize(value: string): boolean {
  if (value.length > identifierCharactersMax) return false;
  // A character of UTF-16 takes at most three bytes.
  if (value.length * 3 <= identifierBytesMax) return true;
  return new TextEncoder().encode(value).length <= identifierBytesMax;
}
