import type { DocumentNode, GraphQLFormattedError } from "graphql";
import type { Principal } from "../../kernel/security/principal.ts";

/** What the planner asks of one subgraph. */
export interface SubgraphRequest {
  document: DocumentNode;
  operationName?: string | undefined;
  variables?: Record<string, unknown> | undefined;
  principal: Principal;
  signal?: AbortSignal | undefined;
}

/** A result as it goes over the wire; its errors are mapped already (see `toClientError`). */
export interface SubgraphResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
}

/**
 * Results of a subscription, pulled one by one. `next` throws a GraphQLError with a code when the
 * stream breaks; `return` ends it at once, also while a `next` is waiting.
 */
export interface ResultStream<R = SubgraphResult> extends AsyncIterableIterator<R> {
  return(): Promise<IteratorResult<R>>;
  /** Ends it from outside: the waiting `next`, or the coming one, throws the error. */
  fail(error: unknown): void;
}

/** How the gateway reaches one subgraph. */
export interface SubgraphTransport {
  execute(request: SubgraphRequest): Promise<SubgraphResult>;
  /** Gives a result with errors when the subgraph refuses the subscription. */
  subscribe(request: SubgraphRequest): Promise<ResultStream | SubgraphResult>;
  /** Throws when the subgraph cannot be reached or is not ready; asked by `/ready`. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export function isResultStream(value: ResultStream | SubgraphResult): value is ResultStream {
  return Symbol.asyncIterator in value;
}
