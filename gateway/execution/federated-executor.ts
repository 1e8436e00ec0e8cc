import { getExecutorForUnifiedGraph, Logger } from "@graphql-hive/gateway-runtime";
import { OperationTypeNode, type DocumentNode, type ExecutionResult } from "graphql";
import { invariant } from "../../kernel/errors/invariant.ts";
import { toClientError, type ReportError } from "../../kernel/errors/to-client-error.ts";
import type { Principal } from "../../kernel/security/principal.ts";
import { resultStream } from "../transport/result-stream.ts";
import {
  isResultStream,
  type ResultStream,
  type SubgraphResult,
  type SubgraphTransport,
} from "../transport/subgraph-transport.ts";
import { failedFetch } from "./failed-fetch.ts";

/** An operation of the supergraph, ready to run. */
export interface FederatedRequest {
  document: DocumentNode;
  type: OperationTypeNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  principal: Principal;
  signal?: AbortSignal | undefined;
}

/** What our transports find in the planner's context. */
interface PlanContext {
  principal: Principal;
  /** Takes the stream of a subscription that is being opened. */
  opened?: (upstream: ResultStream | SubgraphResult) => void;
  /** One result of the stream, for which the rest of the plan is run. */
  primary?: SubgraphResult;
}

type HiveExecutor = ReturnType<typeof getExecutorForUnifiedGraph>;
type HiveRequest = Parameters<HiveExecutor>[0];

/**
 * Hive's planner and executor over our transports. A subscription's plan is run anew for each event:
 * within one run the Rust planner's executor keeps data and errors of the events before.
 */
export class FederatedExecutor {
  private readonly run: HiveExecutor;
  private readonly transports: ReadonlyMap<string, SubgraphTransport>;
  private readonly report: ReportError;

  private constructor(
    run: HiveExecutor,
    transports: ReadonlyMap<string, SubgraphTransport>,
    report: ReportError,
  ) {
    this.run = run;
    this.transports = transports;
    this.report = report;
  }

  /** Loads the Rust planner where it is built for this machine, else the one in JavaScript. */
  static async create(
    supergraphSdl: string,
    transports: ReadonlyMap<string, SubgraphTransport>,
    report: ReportError,
  ): Promise<FederatedExecutor> {
    const handleUnifiedGraph = await rustPlanner();
    const executor: { current?: FederatedExecutor } = {};
    const run = getExecutorForUnifiedGraph({
      getUnifiedGraph: () => supergraphSdl,
      ...(handleUnifiedGraph ? { handleUnifiedGraph } : {}),
      transports: () => ({
        getSubgraphExecutor:
          ({ subgraphName }) =>
          (request) =>
            executor.current!.reach(subgraphName, request),
      }),
      transportContext: { log: new Logger({ level: false }) } as never,
      batch: false,
    });
    executor.current = new FederatedExecutor(run, transports, report);
    return executor.current;
  }

  async execute(request: FederatedRequest): Promise<SubgraphResult> {
    const result = await this.run(hiveRequest(request, { principal: request.principal }));
    invariant(!(Symbol.asyncIterator in result), "a query has one result");
    return result as SubgraphResult;
  }

  /** Opens the subscription upstream; each result pulled is completed from the other subgraphs. */
  async subscribe(request: FederatedRequest): Promise<ResultStream | SubgraphResult> {
    let upstream: ResultStream | SubgraphResult | undefined;
    const opened = (stream: ResultStream | SubgraphResult) => {
      upstream = stream;
    };
    const result = await this.run(hiveRequest(request, { principal: request.principal, opened }));
    if (Symbol.asyncIterator in result) await firstOf(result);
    invariant(upstream, "a subscription is opened by its first fetch");
    if (!isResultStream(upstream)) return upstream;
    const stream = upstream;
    return resultStream({
      pull: async () => {
        const { done, value } = await stream.next();
        return done ? undefined : await this.complete(request, value);
      },
      release: () => void stream.return(),
    });
  }

  async close(): Promise<void> {
    await this.run[Symbol.asyncDispose]();
  }

  private async complete(request: FederatedRequest, primary: SubgraphResult) {
    const context = { principal: request.principal, primary };
    const result = await this.run(hiveRequest(request, context));
    return Symbol.asyncIterator in result ? await firstOf(result) : (result as SubgraphResult);
  }

  private async reach(subgraph: string, request: HiveRequest): Promise<never> {
    const transport = this.transports.get(subgraph);
    invariant(transport, "each subgraph of the supergraph has a transport");
    const context = request.context as PlanContext;
    const { document, operationName, variables, signal } = request;
    const asked = { document, operationName, variables, signal, principal: context.principal };
    if (request.operationType !== OperationTypeNode.SUBSCRIPTION) {
      // Told once, however many fields it leaves empty.
      const failed = (error: unknown) => failedFetch(asked, toClientError(error, this.report));
      return (await transport.execute(asked).catch(failed)) as never;
    }
    if (context.primary) return only(context.primary) as never;
    context.opened?.(await transport.subscribe(asked));
    return only(undefined) as never;
  }
}

function hiveRequest(request: FederatedRequest, context: PlanContext): HiveRequest {
  const { document, operationName, variables, type, signal } = request;
  return {
    document,
    variables,
    operationType: type,
    context,
    ...(operationName === undefined ? {} : { operationName }),
    ...(signal ? { signal } : {}),
  };
}

function only(result: SubgraphResult | undefined): ResultStream {
  let rest = result;
  return resultStream({
    pull: async () => {
      const value = rest;
      rest = undefined;
      return value;
    },
    release: () => undefined,
  });
}

async function firstOf(results: AsyncIterable<ExecutionResult>): Promise<SubgraphResult> {
  for await (const result of results) return result as SubgraphResult;
  return {};
}

async function rustPlanner() {
  try {
    await import("@graphql-hive/router-query-planner" as string);
    return (await import("@graphql-hive/router-runtime")).unifiedGraphHandler;
  } catch {
    return undefined;
  }
}
