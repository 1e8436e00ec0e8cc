import type { IncomingMessage, ServerResponse } from "node:http";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import type { ClientError } from "../../kernel/errors/to-client-error.ts";
import type { Authenticated, Authenticator } from "../authentication/authenticator.ts";
import type {
  ClientResult,
  OperationOutcome,
  OperationRunner,
} from "../execution/run-operation.ts";
import type { OperationMetrics } from "./operation-metrics.ts";
import type { OpenStreams } from "./open-streams.ts";
import { readJsonBody } from "./read-json-body.ts";
import { readOperation } from "./read-operation.ts";
import { ServerSentEvents } from "./server-sent-events.ts";

/** Operations at a time, subscriptions aside. */
const runningMax = 1_000;

const statusOf: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** POST /graphql: queries and mutations as JSON, any operation as server-sent events. */
export class GraphqlEndpoint {
  private readonly authenticator: Authenticator;
  private readonly runner: OperationRunner;
  private readonly streams: OpenStreams;
  private readonly metrics: OperationMetrics;
  private readonly bodyBytesMax: number;
  private running = 0;

  constructor(parts: {
    authenticator: Authenticator;
    runner: OperationRunner;
    streams: OpenStreams;
    metrics: OperationMetrics;
    bodyBytesMax: number;
  }) {
    this.authenticator = parts.authenticator;
    this.runner = parts.runner;
    this.streams = parts.streams;
    this.metrics = parts.metrics;
    this.bodyBytesMax = parts.bodyBytesMax;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wanted = wantedForm(request);
    try {
      checkForm(request);
      if (this.running >= runningMax) {
        throw new DomainError("OVERLOADED", "Too many operations at a time.", { retryable: true });
      }
      this.running += 1;
      const authenticated = await this.authenticator.authenticate(request.headers.authorization);
      const operation = readOperation(await readJsonBody(request, this.bodyBytesMax));
      if (wanted === "events") this.streams.checkRoom(authenticated);
      const outcome = await this.metrics.measure(() =>
        this.runner.run(operation, authenticated.principal),
      );
      // Not awaited: a subscription of a month is not a running operation.
      this.answer(response, wanted, outcome, authenticated).catch((error: unknown) =>
        this.refuse(response, wanted, [this.runner.mapError(error)]),
      );
    } catch (error) {
      this.refuse(response, wanted, [this.runner.mapError(error)]);
    } finally {
      this.running = Math.max(0, this.running - 1);
    }
  }

  private async answer(
    response: ServerResponse,
    wanted: Form,
    outcome: OperationOutcome,
    authenticated: Authenticated,
  ): Promise<void> {
    if (outcome.kind === "refused") return this.refuse(response, wanted, outcome.errors, 400);
    if (outcome.kind !== "stream") {
      const result =
        outcome.kind === "result" ? outcome.result : { data: null, errors: outcome.errors };
      if (wanted !== "events") return sendJson(response, wanted, 200, result);
      return new ServerSentEvents(response, this.runner).sendOne(result);
    }
    if (wanted !== "events") {
      void outcome.stream.return();
      const message = "A subscription needs `Accept: text/event-stream`, or a WebSocket.";
      const error = this.runner.mapError(new DomainError("BAD_INPUT", message));
      return this.refuse(response, wanted, [error]);
    }
    const stream = this.streams.add(outcome.stream, authenticated);
    await new ServerSentEvents(response, this.runner).sendAll(stream);
  }

  private refuse(
    response: ServerResponse,
    wanted: Form,
    errors: ClientError[],
    status: number = statusOf[errors[0]?.extensions.code ?? "INTERNAL"] ?? 400,
  ): void {
    if (response.headersSent) return void response.destroy();
    if (status === 401) response.setHeader("www-authenticate", "Bearer");
    if (status === 503) response.setHeader("retry-after", "1");
    sendJson(response, wanted, status, { errors });
  }
}

type Form = "json" | "graphql-response" | "events";

function wantedForm(request: IncomingMessage): Form {
  const accept = request.headers.accept ?? "";
  if (accept.includes("text/event-stream")) return "events";
  return accept.includes("application/graphql-response+json") ? "graphql-response" : "json";
}

/** JSON only: a browser sends it to another site only after a preflight, so no form can (CSRF). */
function checkForm(request: IncomingMessage): void {
  if (request.method !== "POST") {
    throw new DomainError("BAD_INPUT", "Send the operation by POST, as JSON.");
  }
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/json" || type === "application/graphql+json") return;
  throw new DomainError("BAD_INPUT", "Send `Content-Type: application/json`.");
}

function sendJson(response: ServerResponse, form: Form, status: number, body: ClientResult): void {
  const type = form === "graphql-response" ? "graphql-response+json" : "json";
  const content = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": `application/${type}; charset=utf-8`,
    "content-length": content.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(content);
}
