import { print, type DocumentNode } from "graphql";
import { Agent, request as send } from "undici";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import { signContext, signedContextHeader } from "../../kernel/security/signed-context.ts";
import { PartPulse } from "./part-pulse.ts";
import { openSubgraphStream } from "./subgraph-socket.ts";
import type {
  ResultStream,
  SubgraphRequest,
  SubgraphResult,
  SubgraphTransport,
} from "./subgraph-transport.ts";

const connectionsMax = 128;
const answerMsMax = 25_000;
const connectMsMax = 2_000;
const answerBytesMax = 64 * 1_024 * 1_024;

/** A subgraph in another process: HTTP with a signed context, strict WebSockets to subscribe. */
export class HttpTransport implements SubgraphTransport {
  private readonly name: string;
  private readonly url: URL;
  private readonly secret: string;
  private readonly agent: Agent;
  private readonly pulse: PartPulse;
  private readonly texts = new WeakMap<DocumentNode, string>();

  /** `address` is the process's, such as `http://127.0.0.1:4001`. */
  constructor(name: string, address: string, secret: string) {
    this.name = name;
    this.url = new URL("/graphql", address);
    this.secret = secret;
    this.pulse = new PartPulse(address);
    this.agent = new Agent({
      connections: connectionsMax,
      connect: { timeout: connectMsMax },
      headersTimeout: answerMsMax,
      bodyTimeout: answerMsMax,
      keepAliveTimeout: 4_000,
      maxResponseSize: answerBytesMax,
    });
  }

  async execute(request: SubgraphRequest): Promise<SubgraphResult> {
    const body = written(this.payloadOf(request));
    const given = new AbortController();
    const giveUp = () => given.abort();
    request.signal?.addEventListener("abort", giveUp, { once: true });
    this.pulse.wait(giveUp);
    try {
      return await this.post(body, this.tokenFor(request), given.signal);
    } catch (cause) {
      throw new DomainError("UNAVAILABLE", `The part ${this.name} does not answer.`, {
        retryable: true,
        details: { part: this.name },
        cause,
      });
    } finally {
      this.pulse.done(giveUp);
      request.signal?.removeEventListener("abort", giveUp);
    }
  }

  subscribe(request: SubgraphRequest): Promise<ResultStream | SubgraphResult> {
    const url = new URL(this.url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return openSubgraphStream({
      part: this.name,
      url: url.href,
      token: this.tokenFor(request),
      payload: this.payloadOf(request),
    });
  }

  async ready(): Promise<void> {
    const text = await this.readiness().catch((cause: unknown) => {
      throw new DomainError("UNAVAILABLE", "its process does not answer", { cause });
    });
    if (text !== null) throw new DomainError("UNAVAILABLE", text);
  }

  /** What the part says of why it is not ready, made for others to read; null when it is. */
  private async readiness(): Promise<string | null> {
    const { statusCode, body } = await send(new URL("/ready", this.url), {
      dispatcher: this.agent,
      headersTimeout: 2_500,
    });
    const text = await body.text();
    return statusCode === 200 ? null : text.trim() || `answers ${statusCode}`;
  }

  async close(): Promise<void> {
    await Promise.all([this.agent.destroy(), this.pulse.close()]);
  }

  private async post(body: string, token: string, signal: AbortSignal): Promise<SubgraphResult> {
    const answer = await send(this.url, {
      method: "POST",
      dispatcher: this.agent,
      headers: { "content-type": "application/json", [signedContextHeader]: token },
      body,
      signal,
    });
    this.pulse.heard();
    return (await answer.body.json()) as SubgraphResult;
  }

  private tokenFor(request: SubgraphRequest): string {
    return signContext(request.principal, this.secret, new Date());
  }

  private payloadOf({ document, operationName, variables }: SubgraphRequest) {
    let query = this.texts.get(document);
    if (query === undefined) {
      query = print(document);
      this.texts.set(document, query);
    }
    return { query, operationName, variables };
  }
}

/** JSON that is nested some thousand levels deep can be read, but not written. */
function written(payload: object): string {
  try {
    return JSON.stringify(payload);
  } catch {
    throw new DomainError("BAD_INPUT", "The variables are nested too deeply.");
  }
}
