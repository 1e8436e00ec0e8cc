/** Jaro-Winkler similarity in [0, 1]; prefix scale 0.1, at most 4 letters. */
export function jaroWinkler(left: string, right: string): number {
  if (left === right) return 1;
  const jaro = jaroSimilarity(left, right);
  let prefix = 0;
  while (prefix < 4 && prefix < left.length && left[prefix] === right[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

function jaroSimilarity(left: string, right: string): number {
  const leftLength = left.length;
  const rightLength = right.length;
  if (leftLength === 0 || rightLength === 0) return 0;
  const window = Math.max(0, (Math.max(leftLength, rightLength) >> 1) - 1);
  const taken = new Uint8Array(rightLength);
  const matchedLeft: number[] = [];
  for (let at = 0; at < leftLength; at++) {
    const until = Math.min(rightLength, at + window + 1);
    for (let other = Math.max(0, at - window); other < until; other++) {
      if (taken[other] === 0 && left.charCodeAt(at) === right.charCodeAt(other)) {
        taken[other] = 1;
        matchedLeft.push(left.charCodeAt(at));
        break;
      }
    }
  }
  const matches = matchedLeft.length;
  if (matches === 0) return 0;
  const swaps = countOutOfOrder(matchedLeft, right, taken) / 2;
  return (matches / leftLength + matches / rightLength + (matches - swaps) / matches) / 3;
}

function countOutOfOrder(matchedLeft: number[], right: string, taken: Uint8Array): number {
  let outOfOrder = 0;
  let next = 0;
  for (let at = 0; at < taken.length; at++) {
    if (taken[at] === 1 && matchedLeft[next++] !== right.charCodeAt(at)) outOfOrder++;
  }
  return outOfOrder;
}

/** True when one insertion, deletion, substitution or swap of neighbours turns left into right (or none). */
export function isWithinOneEdit(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  return (
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
  );
}
