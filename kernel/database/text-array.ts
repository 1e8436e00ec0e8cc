/** The types of parameters that hold arrays of texts, as the statements of the platform write them. */
const cast = /\$(\d+)::text\[\]/g;
/** Statements whose parameters are known; those that are put together differ in a few conditions only. */
const knownMax = 2_000;
const known = new Map<string, ReadonlySet<number>>();

/** Numbers of the parameters that a statement casts to `text[]`, the first one being 1. */
export function textArrayParameters(statement: string): ReadonlySet<number> {
  let numbers = known.get(statement);
  if (!numbers) {
    numbers = new Set([...statement.matchAll(cast)].map(([, number]) => Number(number)));
    if (known.size >= knownMax) known.clear();
    known.set(statement, numbers);
  }
  return numbers;
}

const textType = 25;
const headBytes = 20;
const lengthBytes = 4;
/** One UTF-16 unit takes at most so many bytes in UTF-8. */
const unitBytesMax = 3;

const sheetBytes = 256 * 1024;
/** A larger sheet is not kept. */
const keptBytesMax = 4 * 1024 * 1024;
/** Written into first, then copied: what an array takes is known when it is written. */
let sheet: Buffer = Buffer.allocUnsafe(sheetBytes);

/**
 * Texts and nulls in PostgreSQL's binary form of `text[]`; null when there is anything else among them. The engine
 * takes it over as it is, while a literal is read letter by letter: JSON of 600 characters, full of quotes, costs
 * 4.8 µs instead of 12.7 µs embedded and 2.1 µs instead of 6.5 µs on PostgreSQL, its encoding here included.
 */
export function textArray(values: readonly unknown[]): Buffer | null {
  let end = writeHead(values.length);
  for (const value of values) {
    if (value === null || value === undefined) {
      sheet = roomFor(end + lengthBytes, end);
      end = sheet.writeInt32BE(-1, end);
    } else if (typeof value === "string") {
      sheet = roomFor(end + lengthBytes + value.length * unitBytesMax, end);
      const bytes = sheet.write(value, end + lengthBytes);
      end = sheet.writeInt32BE(bytes, end) + bytes;
    } else return null;
  }
  const whole = Buffer.from(sheet.subarray(0, end));
  if (sheet.length > keptBytesMax) sheet = Buffer.allocUnsafe(sheetBytes);
  return whole;
}

/** Dimensions, whether there are nulls (the engine looks itself), type; then size and lower bound. */
function writeHead(size: number): number {
  sheet.writeInt32BE(size === 0 ? 0 : 1, 0);
  sheet.writeInt32BE(0, 4);
  sheet.writeInt32BE(textType, 8);
  if (size === 0) return 12;
  sheet.writeInt32BE(size, 12);
  sheet.writeInt32BE(1, 16);
  return headBytes;
}

function roomFor(size: number, used: number): Buffer {
  if (size <= sheet.length) return sheet;
  const larger = Buffer.allocUnsafe(Math.max(size, sheet.length * 2));
  sheet.copy(larger, 0, 0, used);
  return larger;
}
