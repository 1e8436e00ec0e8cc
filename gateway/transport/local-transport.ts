import { execute, GraphQLError, type ExecutionArgs, type ExecutionResult } from "graphql";
import type { GraphQLSchema } from "graphql";
import { toClientError, type ReportError } from "../../kernel/errors/to-client-error.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { subscribeFresh, type EventResults } from "../../kernel/federation/subscribe-fresh.ts";
import { resultStream } from "./result-stream.ts";
import type {
  ResultStream,
  SubgraphRequest,
  SubgraphResult,
  SubgraphTransport,
} from "./subgraph-transport.ts";

/** A subgraph in this process: its schema is executed directly, with a fresh context each time. */
export class LocalTransport implements SubgraphTransport {
  private readonly schema: GraphQLSchema;
  private readonly report: ReportError;
  private readonly askReady: () => Promise<void>;

  constructor(schema: GraphQLSchema, report: ReportError, ready: () => Promise<void>) {
    this.schema = schema;
    this.report = report;
    this.askReady = ready;
  }

  async execute(request: SubgraphRequest): Promise<SubgraphResult> {
    return this.map(await execute(this.argumentsOf(request)));
  }

  async subscribe(request: SubgraphRequest): Promise<ResultStream | SubgraphResult> {
    const results = await subscribeFresh(this.argumentsOf(request));
    if (!(Symbol.asyncIterator in results)) return this.map(results);
    return resultStream({
      pull: () => this.pull(results),
      release: () => void results.return?.().catch(() => undefined),
    });
  }

  ready(): Promise<void> {
    return this.askReady();
  }

  async close(): Promise<void> {}

  private async pull(results: EventResults): Promise<SubgraphResult | undefined> {
    try {
      const { done, value } = await results.next();
      return done ? undefined : this.map(value);
    } catch (error) {
      const { message, extensions } = toClientError(error, this.report);
      throw new GraphQLError(message, { extensions });
    }
  }

  private argumentsOf(request: SubgraphRequest): ExecutionArgs {
    return {
      schema: this.schema,
      document: request.document,
      operationName: request.operationName ?? null,
      variableValues: request.variables ?? null,
      contextValue: new RequestContext(request.principal),
    };
  }

  private map(result: ExecutionResult): SubgraphResult {
    if (!result.errors) return result as SubgraphResult;
    return {
      data: (result.data ?? null) as Record<string, unknown> | null,
      errors: result.errors.map((error) => toClientError(error, this.report)),
    };
  }
}
