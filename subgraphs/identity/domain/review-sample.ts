/** One match in so many is put before a reviewer. */
export const sampledOneIn = 20;

/**
 * Whether a match that the model made is drawn for a reviewer. Drawn by its keys alone, so that a
 * replay, another order of arrival or a retraining draws the same ones.
 */
export function isSampled({ low, high }: { low: string; high: string }): boolean {
  return mix(hash(`${low}\u0001${high}`)) % sampledOneIn === 0;
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  }
  return value >>> 0;
}

/** Spreads the last characters over all bits: without it the draw would follow them. */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
