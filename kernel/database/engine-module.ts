import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

/** A function of the engine: where its body is in the file, both in bytes. */
interface Body {
  start: number;
  end: number;
}

const functionSection = 3;
const codeSection = 10;
const branchTable = 0x0e;
const targetsMin = 1_000;
/** Per function of V8's section of hints: compile when first called; compile at once, simply. */
const whenCalled = 0b000001;
const atOnceSimply = 0b010110;

/**
 * The engine as a WebAssembly module, but its SQL parser never goes to the optimising compiler: that one
 * function of 100 kB with 3,000 jumps takes it 600 MB for a second (a peak of 850 MiB in the whole process,
 * 390 without), and statements that matter are prepared. Undefined where V8 has no such hints (known: 12, 13): then
 * the engine loads itself as it is.
 */
export function compileEngine(): WebAssembly.Module | undefined {
  const version = Number.parseInt(process.versions.v8, 10);
  if (version < 12 || version > 13) return undefined;
  const file = new URL("./pglite.wasm", import.meta.resolve("@electric-sql/pglite"));
  const hinted = withHints(readFileSync(file));
  if (!hinted) return undefined;
  // What is compiled while no function's index passes the filter has no way up; the others are compiled later.
  setFlagsFromString("--experimental-wasm-compilation-hints");
  setFlagsFromString("--no-wasm-lazy-compilation");
  setFlagsFromString("--wasm-tier-up-filter=0");
  try {
    return new WebAssembly.Module(hinted);
  } finally {
    setFlagsFromString("--wasm-tier-up-filter=-1");
    setFlagsFromString("--wasm-lazy-compilation");
  }
}

/** The module with a section of hints before its code; null where no function is to be held back. */
export function withHints(file: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const reader = new Reader(file, 8);
  let place = 0;
  let bodies: Body[] = [];
  while (reader.at < file.length) {
    const id = reader.byte();
    const end = reader.number() + reader.at;
    if (id === functionSection) place = end;
    if (id === codeSection) bodies = reader.bodies();
    reader.at = end;
  }
  const hints = bodies.map((body) => (branchesWidely(file, body) ? atOnceSimply : whenCalled));
  if (!hints.includes(atOnceSimply)) return null;
  const name = new TextEncoder().encode("compilationHints");
  const content = [name.length, ...name, ...encoded(hints.length), ...hints];
  const section = [0, ...encoded(content.length), ...content];
  return Uint8Array.from(
    Buffer.concat([file.subarray(0, place), Buffer.from(section), file.subarray(place)]),
  );
}

/** Whether a function has a table of jumps so large that the optimising compiler chokes on it. */
function branchesWidely(file: Uint8Array, { start, end }: Body): boolean {
  if (end - start < targetsMin * 2) return false;
  for (
    let at = file.indexOf(branchTable, start);
    at >= 0 && at < end;
    at = file.indexOf(branchTable, at + 1)
  ) {
    if (isWideTable(new Reader(file, at + 1), end)) return true;
  }
  return false;
}

/** A byte that looks like the instruction is one if what follows are so many targets within reach. */
function isWideTable(reader: Reader, end: number): boolean {
  const count = reader.number();
  if (count < targetsMin || reader.at + count > end) return false;
  for (let target = 0; target <= count; target += 1) if (reader.number() > count * 2) return false;
  return reader.at <= end;
}

class Reader {
  at: number;
  private readonly file: Uint8Array;

  constructor(file: Uint8Array, at: number) {
    this.file = file;
    this.at = at;
  }

  byte(): number {
    const byte = this.file[this.at]!;
    this.at += 1;
    return byte;
  }

  /** A whole number as the format writes it: seven bits a byte, the lowest first. */
  number(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  bodies(): Body[] {
    return Array.from({ length: this.number() }, () => {
      const end = this.number() + this.at;
      const body = { start: this.at, end };
      this.at = end;
      return body;
    });
  }
}

function encoded(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...encoded(Math.floor(value / 0x80))];
}
