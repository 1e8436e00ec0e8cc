import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, gunzipSync, inflate } from "node:zlib";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { limits } from "../domain/limits.ts";

/** A body as text, and its size once unpacked. */
export interface Body {
  text: string;
  bytes: number;
}

/** What is read and thrown away of a body that is too large, so that its sender hears why. */
const drainBytesMax = 64 * 1024 * 1024;
const drainMsMax = 10_000;
/** Unpacking so little at once costs less than a thread's round trip. */
const syncBytesMax = 16 * 1024;

const unpackers = {
  gzip: promisify<Buffer, object, Buffer>(gunzip),
  deflate: promisify<Buffer, object, Buffer>(inflate),
  br: promisify<Buffer, object, Buffer>(brotliDecompress),
};

const tooLarge = problem(
  "BODY_TOO_LARGE",
  `The body has more than ${limits.batchBytesMax} bytes (unpacked); send smaller batches.`,
);

/**
 * Reads a request's body, unpacked (gzip, deflate, br), at most `batchBytesMax` before and after. A byte
 * order mark goes; bytes that are no UTF-8 become U+FFFD. Throws when the client hangs up.
 */
export async function readBody(request: IncomingMessage): Promise<Body | Problem> {
  const packed = await collect(request);
  if (packed === null) return tooLarge;
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
  const encoding = isGzip ? "gzip" : String(request.headers["content-encoding"] ?? "").trim();
  const body = await unpack(packed, encoding.toLowerCase());
  if ("code" in body) return body;
  const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  return { text: body.toString("utf8", start), bytes: body.length };
}

async function unpack(packed: Buffer, encoding: string): Promise<Buffer | Problem> {
  const isPlain = encoding === "" || encoding === "identity" || isJsonStart(packed);
  if (isPlain) return packed;
  if (!Object.hasOwn(unpackers, encoding)) {
    const known = Object.keys(unpackers).join(", ");
    return problem("UNKNOWN_ENCODING", `Content-Encoding is one of ${known}.`);
  }
  const options = { maxOutputLength: limits.batchBytesMax };
  try {
    if (encoding === "gzip" && packed.length <= syncBytesMax) return gunzipSync(packed, options);
    return await unpackers[encoding as keyof typeof unpackers](packed, options);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") return tooLarge;
    return problem("INVALID_BODY", `The body cannot be unpacked as ${encoding}.`);
  }
}

/** A proxy may have unpacked the body and left the header behind. */
function isJsonStart(bytes: Buffer): boolean {
  return bytes[0] === 0x7b && bytes.includes(0x22);
}

/** Null when it is too large; then it is drained for a while, so that the answer can be read. */
function collect(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    let deadline: NodeJS.Timeout | null = null;
    const giveUp = () => {
      request.pause();
      resolve(null);
    };
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limits.batchBytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      deadline ??= setTimeout(giveUp, drainMsMax);
      if (bytes > drainBytesMax) giveUp();
    });
    request.on("end", () => {
      if (deadline) clearTimeout(deadline);
      if (bytes > limits.batchBytesMax) resolve(null);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes));
    });
    request.on("error", reject);
    request.on("close", () => {
      if (deadline) clearTimeout(deadline);
      if (!request.complete) reject(new Error("the client hung up"));
    });
  });
}
