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
    const accepted = acceptedForms(request);
    if (this.running >= runningMax) {
      const error = new DomainError("OVERLOADED", "Too many operations at a time.", {
        retryable: true,
      });
      return this.refuse(response, accepted, [this.runner.mapError(error)]);
    }
    this.running += 1;
    try {
      checkForm(request);
      const authenticated = await this.authenticator.authenticate(request.headers.authorization);
      const operation = readOperation(await readJsonBody(request, this.bodyBytesMax));
      if (accepted.events) this.streams.checkRoom(authenticated);
      const outcome = await this.metrics.measure(() =>
        this.runner.run(operation, authenticated.principal),
      );
      // Not awaited: a subscription of a month is not a running operation.
      this.answer(response, accepted, outcome, authenticated).catch((error: unknown) =>
        this.refuse(response, accepted, [this.runner.mapError(error)]),
      );
    } catch (error) {
      this.refuse(response, accepted, [this.runner.mapError(error)]);
    } finally {
      this.running -= 1;
    }
  }

  private async answer(
    response: ServerResponse,
    accepted: Forms,
    outcome: OperationOutcome,
    authenticated: Authenticated,
  ): Promise<void> {
    if (outcome.kind === "refused") return this.refuse(response, accepted, outcome.errors, 400);
    if (outcome.kind !== "stream") {
      const result =
        outcome.kind === "result" ? outcome.result : { data: null, errors: outcome.errors };
      if (accepted.json) return sendJson(response, accepted.json, 200, result);
      return new ServerSentEvents(response, this.runner).sendOne(result);
    }
    if (!accepted.events) {
      void outcome.stream.return();
      const message = "A subscription needs `Accept: text/event-stream`, or a WebSocket.";
      const error = this.runner.mapError(new DomainError("BAD_INPUT", message));
      return this.refuse(response, accepted, [error]);
    }
    const stream = this.streams.add(outcome.stream, authenticated);
    await new ServerSentEvents(response, this.runner).sendAll(stream);
  }

  private refuse(
    response: ServerResponse,
    accepted: Forms,
    errors: ClientError[],
    status: number = statusOf[errors[0]?.extensions.code ?? "INTERNAL"] ?? 400,
  ): void {
    if (response.headersSent) return void response.destroy();
    if (status === 401) response.setHeader("www-authenticate", "Bearer");
    if (status === 503) response.setHeader("retry-after", "1");
    sendJson(response, accepted.json ?? "json", status, { errors });
  }
}

type JsonForm = "json" | "graphql-response";

/** What the client takes. Several clients name all that they can read, whatever they ask. */
interface Forms {
  /** Server-sent events: the only form of a subscription. */
  events: boolean;
  /** Null: nothing but events. */
  json: JsonForm | null;
}

function acceptedForms(request: IncomingMessage): Forms {
  const accept = request.headers.accept ?? "*/*";
  const events = accept.includes("text/event-stream");
  if (accept.includes("application/graphql-response+json"))
    return { events, json: "graphql-response" };
  const takesJson = /application\/(json|graphql\+json|\*)|\*\/\*/.test(accept);
  return { events, json: takesJson || !events ? "json" : null };
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

function sendJson(
  response: ServerResponse,
  form: JsonForm,
  status: number,
  body: ClientResult,
): void {
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
