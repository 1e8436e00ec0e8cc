import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip, gunzipSync, constants } from "node:zlib";
import { InputError } from "./input-error.ts";

const SNIFFED_BYTES = 1 << 16;

/** The encoding of a text, from its first bytes: UTF-16 by its mark, UTF-8 where valid, else Western European. */
export function sniffEncoding(head: Uint8Array): "utf-8" | "utf-16le" | "windows-1252" {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
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
    throw new InputError(`cannot be read: ${(error as Error).message}`, { file: path });
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
  const encoding = sniffEncoding(bytes);
  const head = new TextDecoder(encoding).decode(bytes);
  if (head.trim() === "") throw new InputError("the file is empty", { file: path });
  return { chunks: decode(path, encoding), head };
}

async function* decode(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  const raw = createReadStream(path);
  const stream: Readable = path.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  raw.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw new InputError(`cannot be read: ${(error as Error).message}`, { file: path });
  }
}
