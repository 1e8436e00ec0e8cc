import type { IncomingMessage, ServerResponse } from "node:http";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { Problem } from "../../../kernel/errors/problem.ts";
import type { IngestionResult } from "../service/ingestion.ts";

const allowedHeaders = "authorization, content-type, content-encoding, x-retry-count, anonymousid";
/** What SDKs wait before they send again when nothing better is known; a 429 with it costs no try. */
const retryAfterSeconds = { OVERLOADED: 1, UNAVAILABLE: 5 };

/** Any web page may send events: the write key, not the browser's cookies, says who sends. */
export function corsHeaders(request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "retry-after",
    vary: "origin",
  };
}

/** Answers a CORS preflight. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const asked = request.headers["access-control-request-headers"];
  const isPlain = typeof asked === "string" && /^[\w\-, ]{1,500}$/.test(asked);
  response.writeHead(204, {
    ...corsHeaders(request),
    "access-control-allow-methods": "POST, GET, OPTIONS",
    "access-control-allow-headers": isPlain ? asked : allowedHeaders,
    "access-control-max-age": "86400",
    ...(request.headers["access-control-request-private-network"]
      ? { "access-control-allow-private-network": "true" }
      : {}),
  });
  response.end();
}

/** Writes a JSON answer. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  // Of a body that was not read to its end the rest would be taken for the next request.
  if (!request.complete) response.shouldKeepAlive = false;
  response.writeHead(status, {
    ...corsHeaders(request),
    ...headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** The whole request is refused: nothing of it was taken. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  refusal: Problem,
  headers: Record<string, string> = {},
): void {
  const { code, message } = refusal;
  const body = { success: false, code, message, problems: [refusal] };
  answer(request, response, status, body, headers);
}

/**
 * What became of the events. A batch that could be read is answered 200, whatever its events were; a
 * single call whose event was not taken is answered 400, because its sender has nothing else to look at.
 */
export function answerResult(
  request: IncomingMessage,
  response: ServerResponse,
  result: IngestionResult,
  isBatch: boolean,
): void {
  const success = result.rejected.length === 0;
  const first = result.rejected[0]?.problems[0];
  const why = first && !isBatch ? { code: first.code, message: first.message } : {};
  answer(request, response, success || isBatch ? 200 : 400, { success, ...why, ...result });
}

/** When the engine fails, it may have taken the events all the same. */
const comeAgain = {
  OVERLOADED: "Nothing was taken; send it again.",
  UNAVAILABLE: "Send it again: a message id is taken once.",
};

/** Not now (429, 503, with Retry-After), or our own fault (500). */
export function answerFailure(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  const code = error instanceof DomainError ? error.code : "INTERNAL";
  if (code === "OVERLOADED" || code === "UNAVAILABLE") {
    const { details, message: why } = error as DomainError;
    const seconds = details.retryAfterSeconds ?? retryAfterSeconds[code];
    const message = `${why} ${comeAgain[code]}`;
    const body = { success: false, code, message, retryable: true };
    const status = code === "OVERLOADED" ? 429 : 503;
    answer(request, response, status, body, { "retry-after": String(seconds) });
    return;
  }
  const message = "Something went wrong on our side. Send it again.";
  answer(request, response, 500, { success: false, code: "INTERNAL", message, retryable: true });
}
