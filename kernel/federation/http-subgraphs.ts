import type { ErrorCode } from "../errors/codes.ts";
import { DomainError } from "../errors/domain-error.ts";
import { systemPrincipal } from "./local-subgraphs.ts";
import type { SubgraphClient } from "./subgraph-client.ts";
import { signContext, signedContextHeader } from "../security/signed-context.ts";

const deadlineMs = 5_000;

interface Answer {
  data?: unknown;
  errors?: AnswerError[];
}

interface AnswerError {
  message: string;
  extensions?: { code?: string };
}

/** What asking again does not mend, wherever the subgraph runs. */
const aboutTheQuestion: readonly ErrorCode[] = ["BAD_INPUT", "BAD_CURSOR", "NOT_FOUND"];

/** Subgraphs in processes of their own, asked over HTTP with a signed context. */
export class HttpSubgraphs implements SubgraphClient {
  private readonly urls: Readonly<Record<string, string>>;
  private readonly secret: string;

  constructor(urls: Readonly<Record<string, string>>, secret: string) {
    this.urls = urls;
    this.secret = secret;
  }

  async ask<T>(
    subgraph: string,
    document: string,
    variables: Record<string, unknown> = {},
  ): Promise<T> {
    const answer = await this.post(subgraph, JSON.stringify({ query: document, variables }));
    const [error] = answer.errors ?? [];
    if (error) throw refusalOf(subgraph, error);
    return answer.data as T;
  }

  private async post(subgraph: string, body: string): Promise<Answer> {
    try {
      const response = await fetch(new URL("/graphql", this.urls[subgraph]), {
        method: "POST",
        headers: {
          "content-type": "application/json",
          [signedContextHeader]: signContext(systemPrincipal, this.secret, new Date()),
        },
        body,
        signal: AbortSignal.timeout(deadlineMs),
      });
      return (await response.json()) as Answer;
    } catch (cause) {
      throw new DomainError("UNAVAILABLE", `The subgraph ${subgraph} does not answer.`, {
        retryable: true,
        cause,
      });
    }
  }
}

function refusalOf(subgraph: string, { message, extensions }: AnswerError): DomainError {
  const code = aboutTheQuestion.find((each) => each === extensions?.code);
  if (code) return new DomainError(code, message);
  return new DomainError("UNAVAILABLE", `The subgraph ${subgraph} answered with an error.`, {
    retryable: true,
    details: { code: extensions?.code ?? null },
    cause: new Error(message),
  });
}
