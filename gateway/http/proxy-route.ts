import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as send,
  type ServerResponse,
} from "node:http";
import { request as sendSecure } from "node:https";
import { pipeline } from "node:stream";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";

const connectionsMax = 256;
const answerMsMax = 30_000;

/** Of one connection, not of the message: not passed on. */
const hopHeaders = ["connection", "keep-alive", "proxy-connection", "te", "upgrade", "expect"];

/**
 * Passes requests on to another process as they come, and its answers back, without holding either.
 * When it cannot be reached: 503 with `Retry-After`, on which every SDK tries again.
 */
export function proxyRoute(path: string, address: string): HttpRoute {
  const target = new URL(address);
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  return {
    path,
    handle: (request, response) =>
      new Promise((resolve) => {
        // Sent whole, or given up by the client: either way there is nobody left to answer.
        response.once("close", resolve);
        passOn(request, response, open(request, target, agent));
      }),
  };
}

function open(request: IncomingMessage, target: URL, agent: Agent): ClientRequest {
  const headers = withoutHopHeaders(request.headers);
  headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
  const { hostname, port } = target;
  const options = { hostname, port, method: request.method, path: request.url, headers };
  return target.protocol === "https:" ? sendSecure(options) : send({ ...options, agent });
}

function passOn(request: IncomingMessage, response: ServerResponse, onward: ClientRequest): void {
  let isAnswered = false;
  onward.setTimeout(answerMsMax, () => onward.destroy(new Error("no answer in time")));
  onward.once("response", (answer) => {
    isAnswered = true;
    if (response.destroyed) return void answer.destroy();
    response.writeHead(answer.statusCode ?? 502, withoutHopHeaders(answer.headers));
    pipeline(answer, response, () => undefined);
  });
  onward.on("error", () => {
    request.resume();
    // With an answer under way it is only the rest of the request that was not wanted.
    if (!isAnswered) answerUnreachable(response);
  });
  response.once("close", () => {
    if (!response.writableFinished) onward.destroy();
  });
  // Not a pipeline: it would take the client's connection down with the other process's.
  request.pipe(onward);
}

function answerUnreachable(response: ServerResponse): void {
  if (response.destroyed) return;
  const message = "Ingestion is not reachable. Nothing was taken; send it again.";
  const body = { success: false, code: "UNAVAILABLE", message, retryable: true };
  response.writeHead(503, { "retry-after": "1", "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

function withoutHopHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const others = { ...headers };
  for (const name of hopHeaders) delete others[name];
  return others;
}
