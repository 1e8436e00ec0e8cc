import type { IncomingMessage } from "node:http";
import { DomainError } from "../../kernel/errors/domain-error.ts";

/** The request's body as JSON. Throws BAD_INPUT when it is longer than `bytesMax` or no JSON. */
export async function readJsonBody(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const body = await readBody(request, bytesMax);
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new DomainError("BAD_INPUT", "The request's body is not JSON.");
  }
}

/** What is too much is read and thrown away, so that the client gets to see the answer. */
function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once("end", () => {
      if (length <= bytesMax) return resolve(Buffer.concat(chunks));
      const message = `The request's body is larger than ${bytesMax} bytes.`;
      reject(new DomainError("BAD_INPUT", message, { details: { limit: bytesMax } }));
    });
    request.once("error", () => reject(new DomainError("BAD_INPUT", "The body broke off.")));
  });
}
