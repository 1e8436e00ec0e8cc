import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventType } from "../../../kernel/announcements/accepted-event.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { problem } from "../../../kernel/errors/problem.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { HttpRoute } from "../../../kernel/module/subgraph-module.ts";
import { isUnavailable } from "../../../kernel/streams/is-unavailable.ts";
import { within } from "../../../kernel/time/within.ts";
import { readRequest } from "../domain/read-request.ts";
import type { Ingestion } from "../service/ingestion.ts";
import type { KeyVerdict, WriteKeys } from "../service/write-keys.ts";
import { answer, answerFailure, answerPreflight, answerResult, refuse } from "./answer.ts";
import { projectSettings } from "./project-settings.ts";
import { readBody } from "./read-body.ts";
import { keyOfBody, keyOfHeader } from "./write-key-of.ts";

/** Requests that may be under way at once; each holds at most a body of 500 KB. */
const requestsMax = 1_000;
const stopMsMax = 10_000;
/** An engine that is frozen, or out of reach, answers nothing for ever; its senders are told before. */
const answerMsMaxDefault = { key: 15_000, events: 60_000 };

/** Full paths of the HTTP API and the short ones of the browser's SDK. Null: a batch. */
const calls = new Map<string, EventType | null>([
  ...(["IDENTIFY", "TRACK", "PAGE", "SCREEN", "GROUP", "ALIAS"] as const).flatMap(
    (type): [string, EventType][] => [
      [type.toLowerCase(), type],
      [type[0]!.toLowerCase(), type],
    ],
  ),
  ["batch", null],
  ["b", null],
  ["import", null],
]);

/** The Segment HTTP API under `/v1`. */
export class SegmentApi {
  private readonly ingestion: Ingestion;
  private readonly writeKeys: WriteKeys;
  private readonly logger: Logger;
  private readonly answerMsMax: typeof answerMsMaxDefault;
  private underWay = 0;
  private isStopping = false;

  constructor(parts: {
    ingestion: Ingestion;
    writeKeys: WriteKeys;
    logger: Logger;
    answerMsMax?: typeof answerMsMaxDefault;
  }) {
    this.ingestion = parts.ingestion;
    this.writeKeys = parts.writeKeys;
    this.logger = parts.logger;
    this.answerMsMax = parts.answerMsMax ?? answerMsMaxDefault;
  }

  routes(): HttpRoute[] {
    return [{ path: "/v1/*", handle: (request, response) => this.handle(request, response) }];
  }

  /** Takes nothing new; waits until every request under way is answered, within a deadline. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const deadline = Date.now() + stopMsMax;
    while (this.underWay > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Answers one request; never throws. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1;
    try {
      await this.dispatch(request, response);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      const failure = asDomainError(error);
      if (failure === null) this.logger.error("an ingestion request failed", { error });
      answerFailure(request, response, failure ?? error);
    } finally {
      this.underWay -= 1;
    }
  }

  private async dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "OPTIONS") return answerPreflight(request, response);
    const path = (request.url ?? "").split("?", 1)[0]!.replace(/\/+$/, "");
    const call = path.replace(/^.*?\/v1\//, "");
    const project = /^projects\/([^/]{1,128})\/settings$/.exec(call)?.[1];
    if (project !== undefined) return this.answerSettings(request, response, project);
    const type = calls.get(call);
    if (type === undefined && call !== "m") {
      return refuse(request, response, 404, problem("NOT_FOUND", `There is no call ${path}.`));
    }
    if (request.method !== "POST") {
      return refuse(request, response, 405, notPost, { allow: "POST, OPTIONS" });
    }
    if (type === undefined) return this.answerMetrics(request, response);
    if (this.isStopping) throw stopping();
    if (this.underWay > requestsMax) throw overloaded();
    return this.take(request, response, type);
  }

  private async take(request: IncomingMessage, response: ServerResponse, type: EventType | null) {
    // Read to its end before anything is said, so that the sender hears it.
    const body = await readBody(request);
    const inHeader = keyOfHeader(request.headers.authorization);
    const early = inHeader === null ? null : await this.verify(inHeader);
    if (early && "refused" in early) return unauthenticated(request, response, early.refused);
    if ("code" in body) return refuse(request, response, 400, body);
    const parsed = parse(body.text);
    if (parsed === undefined) return refuse(request, response, 400, notJson);
    const verdict = early ?? (await this.verifyBody(parsed));
    if ("refused" in verdict) return unauthenticated(request, response, verdict.refused);
    const read = readRequest(parsed, type, body.bytes);
    if ("code" in read) return refuse(request, response, 400, read);
    const taken = this.ingestion.ingest(verdict.source, read);
    const result = await within(this.answerMsMax.events, taken, notInTime);
    return answerResult(request, response, result, type === null);
  }

  private verify(key: string): Promise<KeyVerdict> {
    return within(this.answerMsMax.key, this.writeKeys.verify(key), notInTime);
  }

  private async verifyBody(parsed: unknown) {
    const key = keyOfBody(parsed);
    if (key !== null) return this.verify(key);
    return {
      refused: "Give a write key: Basic authentication's user name, or writeKey in the body.",
    };
  }

  /** Metrics that the browser's SDK sends about itself: of no use to us, and no error to it. */
  private async answerMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    answer(request, response, 200, { success: true });
  }

  private async answerSettings(request: IncomingMessage, response: ServerResponse, key: string) {
    const verdict = await this.verify(key);
    if ("source" in verdict) return answer(request, response, 200, projectSettings(key, request));
    return refuse(request, response, 404, problem("NOT_FOUND", verdict.refused));
  }
}

const notPost = problem("METHOD_NOT_ALLOWED", "Calls are POST.");
const notJson = problem("INVALID_JSON", "The body is not JSON.");

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unauthenticated(
  request: IncomingMessage,
  response: ServerResponse,
  message: string,
): void {
  refuse(request, response, 401, problem("UNAUTHENTICATED", message));
}

function overloaded(): DomainError {
  return new DomainError("OVERLOADED", "Too many requests are under way.", { retryable: true });
}

function stopping(): DomainError {
  return new DomainError("UNAVAILABLE", "The service is stopping.", { retryable: true });
}

function notInTime(): DomainError {
  const message = "The event log does not answer in time.";
  return new DomainError("UNAVAILABLE", message, { retryable: true });
}

function asDomainError(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  if (!isUnavailable(error)) return null;
  return new DomainError("UNAVAILABLE", "The event log does not answer at the moment.", {
    retryable: true,
    cause: error,
  });
}
