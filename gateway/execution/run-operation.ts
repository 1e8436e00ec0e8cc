import { execute, getVariableValues, OperationTypeNode, type GraphQLSchema } from "graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import {
  toClientError,
  type ClientError,
  type ReportError,
} from "../../kernel/errors/to-client-error.ts";
import type { Principal } from "../../kernel/security/principal.ts";
import type { QueryLimits } from "../limits/query-limits.ts";
import { rememberedQueryCost } from "../limits/query-cost.ts";
import type { SharedSubscriptions } from "../subscriptions/shared-subscriptions.ts";
import {
  isResultStream,
  type ResultStream,
  type SubgraphResult,
} from "../transport/subgraph-transport.ts";
import type { FederatedExecutor, FederatedRequest } from "./federated-executor.ts";
import type { OperationPreparer, PreparedOperation } from "./prepare-operation.ts";
import { checkScopes } from "./required-scopes.ts";

/** What a client sent, checked for its form only. */
export interface OperationRequest {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

/**
 * What became of an operation. `refused`: it was not run, for a reason in the request itself.
 * `unopened`: a subscription that could not begin.
 */
export type OperationOutcome =
  | { kind: "refused"; errors: ClientError[] }
  | { kind: "unopened"; errors: ClientError[] }
  | { kind: "result"; result: ClientResult }
  | { kind: "stream"; stream: ResultStream };

/** A result as the client reads it. */
export interface ClientResult {
  data?: Record<string, unknown> | null;
  errors?: ClientError[];
}

/** An operation's time, subscriptions aside, ends here. */
const operationMsMax = 30_000;

/** Runs operations of clients: checks, plans, executes; the errors that leave are mapped. */
export class OperationRunner {
  private readonly preparer: OperationPreparer;
  private readonly executor: FederatedExecutor;
  private readonly subscriptions: SharedSubscriptions;
  private readonly limits: QueryLimits;
  private readonly report: ReportError;

  constructor(parts: {
    preparer: OperationPreparer;
    executor: FederatedExecutor;
    subscriptions: SharedSubscriptions;
    limits: QueryLimits;
    report: ReportError;
  }) {
    this.preparer = parts.preparer;
    this.executor = parts.executor;
    this.subscriptions = parts.subscriptions;
    this.limits = parts.limits;
    this.report = parts.report;
  }

  /** The public schema. */
  get schema(): GraphQLSchema {
    return this.preparer.schema;
  }

  async run(request: OperationRequest, principal: Principal): Promise<OperationOutcome> {
    const prepared = this.preparer.prepare(request.query, request.operationName);
    if (!("document" in prepared)) return this.refused(prepared);
    try {
      const errors = this.check(prepared, request.variables);
      if (errors.length > 0) return this.refused(errors);
      checkScopes(prepared.demands, principal);
      return await this.runChecked(prepared, request, principal);
    } catch (error) {
      const mapped = toClientError(error, this.report);
      if (mapped.extensions.code === "QUERY_TOO_EXPENSIVE") {
        return { kind: "refused", errors: [mapped] };
      }
      return prepared.operation.operation === OperationTypeNode.SUBSCRIPTION
        ? { kind: "unopened", errors: [mapped] }
        : { kind: "result", result: { data: null, errors: [mapped] } };
    }
  }

  /** The errors of a result, as the client reads them. */
  mapErrors(result: SubgraphResult): ClientResult {
    const { errors } = result;
    if (!errors || errors.length === 0) return result as ClientResult;
    return {
      data: result.data ?? null,
      errors: errors.map((each) => toClientError(each, this.report)),
    };
  }

  /** An error that ended a subscription, or kept one from running. */
  mapError(error: unknown): ClientError {
    return toClientError(error, this.report);
  }

  private async runChecked(
    prepared: PreparedOperation,
    { operationName, variables }: OperationRequest,
    principal: Principal,
  ): Promise<OperationOutcome> {
    const { document, operation } = prepared;
    if (prepared.isIntrospection && operation.operation === OperationTypeNode.QUERY) {
      const { schema } = this.preparer;
      const args = { schema, document, operationName: operationName ?? null };
      const result = await execute({ ...args, variableValues: variables });
      return { kind: "result", result: this.mapErrors(result as SubgraphResult) };
    }
    const type = operation.operation;
    const request: FederatedRequest = { document, type, operationName, variables, principal };
    if (type !== OperationTypeNode.SUBSCRIPTION) {
      return { kind: "result", result: await this.execute(request) };
    }
    const opened = await this.subscriptions.open(prepared, request);
    return isResultStream(opened)
      ? { kind: "stream", stream: opened }
      : { kind: "unopened", errors: this.mapErrors(opened).errors ?? [] };
  }

  private async execute(request: FederatedRequest): Promise<ClientResult> {
    const deadline = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        deadline.abort();
        const message = `The operation took longer than ${operationMsMax / 1_000} s.`;
        reject(new DomainError("UNAVAILABLE", message, { retryable: true }));
      }, operationMsMax);
    });
    try {
      const running = this.executor.execute({ ...request, signal: deadline.signal });
      return this.mapErrors(await Promise.race([running, tooLate]));
    } finally {
      clearTimeout(timer);
    }
  }

  private check(prepared: PreparedOperation, variables: Record<string, unknown>) {
    const { schema } = this.preparer;
    const { document, operation } = prepared;
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (errors) return errors;
    const cost = rememberedQueryCost(schema, document, operation, variables);
    if (cost <= this.limits.costMax) return [];
    const message = `The operation could fetch ${cost} objects; at most ${this.limits.costMax} are allowed.`;
    const details = { cost, limit: this.limits.costMax };
    return [new DomainError("QUERY_TOO_EXPENSIVE", message, { details })];
  }

  private refused(errors: readonly Error[]): OperationOutcome {
    const mapped = errors.map((error) => toClientError(error, this.report));
    return { kind: "refused", errors: mapped };
  }
}
