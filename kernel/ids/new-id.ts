import { randomFillSync } from "node:crypto";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const timeDigits = 10;
const chanceDigits = 16;

/** Drawn for many ids at once: asking for each costs more than the rest of it. */
const pool = Buffer.alloc(chanceDigits * 256);
let used = pool.length;

/** `prefix_` and 26 characters: 10 of time (ids sort by creation), 16 of randomness (80 bits). */
export function newId(prefix: string, at: number = Date.now()): string {
  let time = "";
  for (let rest = at, digits = 0; digits < timeDigits; digits += 1) {
    time = alphabet[rest % 32]! + time;
    rest = Math.floor(rest / 32);
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let chance = "";
  for (const end = used + chanceDigits; used < end; used += 1) chance += alphabet[pool[used]! & 31];
  return `${prefix}_${time}${chance}`;
}
