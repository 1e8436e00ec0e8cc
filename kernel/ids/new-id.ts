import { randomBytes } from "node:crypto";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** `prefix_` and 26 characters: 10 of time (ids sort by creation), 16 of randomness (80 bits). */
export function newId(prefix: string, at: number = Date.now()): string {
  let time = "";
  for (let rest = at, digits = 0; digits < 10; digits += 1) {
    time = alphabet[rest % 32]! + time;
    rest = Math.floor(rest / 32);
  }
  let chance = "";
  for (const byte of randomBytes(16)) chance += alphabet[byte & 31];
  return `${prefix}_${time}${chance}`;
}
