/** Jaro-Winkler similarity in [0, 1]; prefix scale 0.1, at most 4 letters. */
export function jaroWinkler(left: string, right: string): number {
  if (left === right) return 1;
  const jaro = jaroSimilarity(left, right);
  return jaro + prefixLength(left, right) * 0.1 * (1 - jaro);
}

/** jaroWinkler(left, right) >= least, answered early where length or letters rule it out. */
export function isSimilar(left: string, right: string, least: number): boolean {
  const boost = prefixLength(left, right) * 0.1;
  const jaroLeast = (least - boost) / (1 - boost);
  const short = Math.min(left.length, right.length);
  const long = Math.max(left.length, right.length);
  if ((2 + short / long) / 3 < jaroLeast) return false;
  const matches = Math.min(sharedLetters(left, right), sharedLetters(right, left));
  if ((matches / left.length + matches / right.length + 1) / 3 < jaroLeast) return false;
  return jaroSimilarity(left, right) >= jaroLeast;
}

function prefixLength(left: string, right: string): number {
  let prefix = 0;
  while (prefix < 4 && prefix < left.length && left.charCodeAt(prefix) === right.charCodeAt(prefix))
    prefix++;
  return prefix;
}

/** How many letters of one occur in the other at all: no fewer than can match. */
function sharedLetters(one: string, other: string): number {
  let letters = 0;
  for (let at = 0; at < other.length; at++) letters |= 1 << (other.charCodeAt(at) & 31);
  let shared = 0;
  for (let at = 0; at < one.length; at++) shared += (letters >>> (one.charCodeAt(at) & 31)) & 1;
  return shared;
}

const LETTERS_MAX = 512;
/** Working space, so that a comparison allocates nothing. */
const taken = new Uint8Array(LETTERS_MAX);
const matched = new Uint16Array(LETTERS_MAX);

function jaroSimilarity(left: string, right: string): number {
  const leftLength = Math.min(left.length, LETTERS_MAX);
  const rightLength = Math.min(right.length, LETTERS_MAX);
  if (leftLength === 0 || rightLength === 0) return 0;
  const window = Math.max(0, (Math.max(leftLength, rightLength) >> 1) - 1);
  taken.fill(0, 0, rightLength);
  let matches = 0;
  for (let at = 0; at < leftLength; at++) {
    const letter = left.charCodeAt(at);
    const until = Math.min(rightLength, at + window + 1);
    for (let other = Math.max(0, at - window); other < until; other++) {
      if (taken[other] === 0 && letter === right.charCodeAt(other)) {
        taken[other] = 1;
        matched[matches++] = letter;
        break;
      }
    }
  }
  if (matches === 0) return 0;
  const swaps = countOutOfOrder(right, rightLength) / 2;
  return (matches / leftLength + matches / rightLength + (matches - swaps) / matches) / 3;
}

function countOutOfOrder(right: string, rightLength: number): number {
  let outOfOrder = 0;
  let next = 0;
  for (let at = 0; at < rightLength; at++) {
    if (taken[at] === 1 && matched[next++] !== right.charCodeAt(at)) outOfOrder++;
  }
  return outOfOrder;
}

/** True when one insertion, deletion, substitution or swap of neighbours turns left into right (or none). */
export function isWithinOneEdit(left: string, right: string): boolean {
  const short = left.length <= right.length ? left : right;
  const long = short === left ? right : left;
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short.charCodeAt(at) === long.charCodeAt(at)) at++;
  let end = 0;
  while (
    end < short.length - at &&
    short.charCodeAt(short.length - 1 - end) === long.charCodeAt(long.length - 1 - end)
  ) {
    end++;
  }
  const differing = short.length - at - end;
  if (short.length < long.length) return differing === 0;
  if (differing <= 1) return true;
  return (
    differing === 2 &&
    short.charCodeAt(at) === long.charCodeAt(at + 1) &&
    short.charCodeAt(at + 1) === long.charCodeAt(at)
  );
}
