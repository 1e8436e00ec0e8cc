import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip, gunzipSync, constants } from "node:zlib";
import { InputError } from "./input-error.ts";

const SNIFFED_BYTES = 1 << 16;

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Text of UTF-16 without a mark has a zero in nearly every other byte, as no other text has. */
const ZERO_SHARE_MIN = 0.3;

function sniffWide(head: Uint8Array): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]!++;
  });
  const [even, odd] = zeros as [number, number];
  if (Math.max(even, odd) < (head.length / 2) * ZERO_SHARE_MIN) return undefined;
  return odd > even ? "utf-16le" : "utf-16be";
}

/** The encoding of a text, from some of its bytes: UTF-16, UTF-8 where valid, else Western European. */
function sniffEncoding(head: Uint8Array): Encoding {
  const wide = sniffWide(head);
  if (wide !== undefined) return wide;
  try {
    // `stream` forgives a letter cut off at the end of the sniffed bytes.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** The first bytes of a file, unpacked where its name ends in .gz. */
async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(cause.code === "ENOENT" ? "there is no such file" : cause.message, {
      file: path,
    });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if (bytesRead === 0) throw new InputError("the file is empty", { file: path });
    if (!path.endsWith(".gz")) return head;
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unreadable(path, error);
  } finally {
    await file.close();
  }
}

export interface OpenedText {
  readonly chunks: AsyncIterable<string>;
  /** The first characters, for guessing the delimiter. */
  readonly head: string;
}

/** A text file as decoded chunks; .gz is unpacked on the way, a byte order mark left out. */
export async function openText(path: string): Promise<OpenedText> {
  const bytes = await readHead(path);
  const head = new TextDecoder(sniffEncoding(bytes)).decode(bytes);
  if (head.trim() === "") throw new InputError("the file is empty", { file: path });
  return { chunks: decode(path), head };
}

const isAscii = (bytes: Uint8Array) => bytes.every((byte) => byte > 0 && byte < 0x80);

/** The encoding is told by the first bytes beyond ASCII, however late they come. */
async function* decode(path: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  const raw = createReadStream(path);
  const stream: Readable = path.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  raw.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Uint8Array;
      if (decoder === undefined && !isAscii(bytes)) decoder = new TextDecoder(sniffEncoding(bytes));
      yield decoder?.decode(bytes, { stream: true }) ?? new TextDecoder().decode(bytes);
    }
    yield decoder?.decode() ?? "";
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === "EISDIR" ? "this is a folder, not a file" : `cannot be read: ${message}`;
  return new InputError(reason, { file: path });
}
