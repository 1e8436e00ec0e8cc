import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { type Dispatcher, Pool } from "undici";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";
import { PartPulse } from "../transport/part-pulse.ts";

const connectionsMax = 256;
const answerMsMax = 30_000;

/** Of one connection, not of the message: not passed on. */
const hopHeaders = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "expect",
];

/**
 * Passes requests on to another process as they come, and its answers back, without holding either.
 * When it cannot be reached, or has stopped answering: 503 with `Retry-After`, on which every SDK
 * tries again. 80 µs a request; Node's own client takes 160.
 */
export function proxyRoute(path: string, address: string): HttpRoute {
  const pool = new Pool(address, {
    connections: connectionsMax,
    headersTimeout: answerMsMax,
    bodyTimeout: answerMsMax,
  });
  const pulse = new PartPulse(address);
  return {
    path,
    handle: (request, response) =>
      new Promise((resolve) => {
        const answer = new Answer(request, response, pulse);
        pool.dispatch(onwardRequest(request), answer);
        pulse.wait(answer.giveUp);
        // Sent whole, or given up by the client: either way there is nobody left to answer.
        response.once("close", () => {
          pulse.done(answer.giveUp);
          resolve();
        });
      }),
  };
}

function onwardRequest(request: IncomingMessage): Dispatcher.DispatchOptions {
  const { method = "GET", url: path = "/", headers, socket } = request;
  const hasBody = "content-length" in headers || "transfer-encoding" in headers;
  return {
    method: method as Dispatcher.HttpMethod,
    path,
    headers: { ...withoutHopHeaders(headers), "x-forwarded-for": socket.remoteAddress ?? "" },
    body: hasBody ? request : null,
  };
}

/** Hands an answer to the client as it comes, no faster than it is taken. */
class Answer implements Dispatcher.DispatchHandler {
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly pulse: PartPulse;
  private controller: Dispatcher.DispatchController | null = null;

  constructor(request: IncomingMessage, response: ServerResponse, pulse: PartPulse) {
    this.request = request;
    this.response = response;
    this.pulse = pulse;
  }

  /** The other process has stopped answering. */
  readonly giveUp = (): void => {
    this.onResponseError();
    this.controller?.abort(new Error("it has stopped answering"));
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { response } = this;
    this.controller = controller;
    const leave = () => controller.abort(new Error("the client has gone"));
    if (response.destroyed || response.writableEnded) return leave();
    response.once("close", () => {
      if (!response.writableFinished) leave();
    });
    response.on("drain", () => controller.resume());
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.pulse.heard();
    // 1xx is between the two ends of a connection.
    if (status >= 200) this.response.writeHead(status, withoutHopHeaders(headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.pulse.heard();
    if (!this.response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.response.end();
  }

  onResponseError(): void {
    this.request.resume();
    if (this.response.writableEnded) return;
    if (this.response.headersSent) this.response.destroy();
    else answerUnreachable(this.response);
  }
}

function answerUnreachable(response: ServerResponse): void {
  if (response.destroyed) return;
  // Whether it was taken is not known: it may have been read, and its answer lost.
  const message = "Ingestion does not answer. Send it again: a message id is taken once.";
  const body = { success: false, code: "UNAVAILABLE", message, retryable: true };
  response.writeHead(503, { "retry-after": "1", "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

function withoutHopHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const others = { ...headers };
  for (const name of hopHeaders) delete others[name];
  return others;
}
