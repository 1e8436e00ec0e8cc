import {
  execute,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
} from "graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import {
  toClientError,
  type ClientError,
  type ReportError,
} from "../../kernel/errors/to-client-error.ts";
import type { Principal } from "../../kernel/security/principal.ts";
import { within } from "../../kernel/time/within.ts";
import type { QueryLimits } from "../limits/query-limits.ts";
import { rememberedQueryCost } from "../limits/query-cost.ts";
import type { SharedSubscriptions } from "../subscriptions/shared-subscriptions.ts";
import { subscriptionShape, type SubscriptionShape } from "../subscriptions/subscription-shape.ts";
import {
  isResultStream,
  type ResultStream,
  type SubgraphResult,
} from "../transport/subgraph-transport.ts";
import type { FederatedExecutor, FederatedRequest } from "./federated-executor.ts";
import type {
  OperationPreparer,
  OperationVariant,
  PreparedOperation,
} from "./prepare-operation.ts";
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

/** Mistakes in variables that are told; a large input that is wrong everywhere has many thousands. */
const errorsMax = 20;
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
    const { operation } = prepared;
    const definitions = operation.variableDefinitions ?? [];
    const { errors, coerced } = getVariableValues(this.schema, definitions, request.variables, {
      maxErrors: errorsMax,
    });
    if (errors) return this.refused(errors.map(asRefusal));
    try {
      this.checkCost(prepared, coerced);
      const variant = prepared.variant(coerced);
      if (!variant.remote && operation.operation === OperationTypeNode.SUBSCRIPTION) {
        return this.refused([new DomainError("BAD_INPUT", "The subscription asks for nothing.")]);
      }
      checkScopes(variant.demands, principal);
      return await this.runChecked(prepared, variant, { variables: coerced, principal });
    } catch (error) {
      const mapped = toClientError(error, this.report);
      if (mapped.extensions.code === "QUERY_TOO_EXPENSIVE") {
        return { kind: "refused", errors: [mapped] };
      }
      return operation.operation === OperationTypeNode.SUBSCRIPTION
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
    { text, operation }: PreparedOperation,
    { remote, own, keys }: OperationVariant,
    asked: Pick<FederatedRequest, "variables" | "principal">,
  ): Promise<OperationOutcome> {
    const type = operation.operation;
    const operationName = operation.name?.value;
    const request = remote && { ...asked, type, operationName, document: remote.document };
    if (request && type === OperationTypeNode.SUBSCRIPTION) {
      return this.subscribe(subscriptionShape(text, remote.operation, request));
    }
    const answers = await Promise.all([
      own ? this.answerOwn(own.document, asked.variables) : null,
      request ? this.execute(request) : null,
    ]);
    return { kind: "result", result: joined(answers, keys) };
  }

  private async subscribe(shape: SubscriptionShape): Promise<OperationOutcome> {
    const opened = await this.subscriptions.open(shape);
    return isResultStream(opened)
      ? { kind: "stream", stream: opened }
      : { kind: "unopened", errors: this.mapErrors(opened).errors ?? [] };
  }

  /** What is asked about the schema needs no subgraph. */
  private async answerOwn(document: DocumentNode, variableValues: Record<string, unknown>) {
    const result = await execute({ schema: this.schema, document, variableValues });
    return this.mapErrors(result as SubgraphResult);
  }

  private async execute(request: FederatedRequest): Promise<ClientResult> {
    const deadline = new AbortController();
    const running = this.executor.execute({ ...request, signal: deadline.signal });
    const result = await within(operationMsMax, running, () => {
      deadline.abort();
      const message = `The operation took longer than ${operationMsMax / 1_000} s.`;
      return new DomainError("UNAVAILABLE", message, { retryable: true });
    });
    return this.mapErrors(result);
  }

  private checkCost(prepared: PreparedOperation, variables: Record<string, unknown>): void {
    const { document, operation } = prepared;
    const cost = rememberedQueryCost(this.schema, document, operation, variables);
    const limit = this.limits.costMax;
    if (cost <= limit) return;
    const message = `The operation could fetch ${cost} objects; at most ${limit} are allowed.`;
    throw new DomainError("QUERY_TOO_EXPENSIVE", message, { details: { cost, limit } });
  }

  private refused(errors: readonly Error[]): OperationOutcome {
    const mapped = errors.map((error) => toClientError(error, this.report));
    return { kind: "refused", errors: mapped };
  }
}

/**
 * A mistake in a variable, as graphql-js puts it: with its place within the variable. Inputs are coerced by
 * recursion, which ends where the stack does; plain JSON may be as deep as it likes.
 */
function asRefusal(error: Error): Error {
  if (error instanceof RangeError) {
    return new DomainError("QUERY_TOO_EXPENSIVE", "The variables are nested too deep.");
  }
  const { message, originalError, nodes = null } = error as Partial<GraphQLError>;
  return originalError instanceof GraphQLError ? new GraphQLError(message ?? "", { nodes }) : error;
}

/** One result of several, its keys in the order in which they were asked for. */
function joined(answers: readonly (ClientResult | null)[], keys: readonly string[]): ClientResult {
  const present = answers.filter((answer) => answer !== null);
  if (present.length === 1) return present[0]!;
  const errors = present.flatMap((answer) => answer.errors ?? []);
  const all = Object.assign({}, ...present.map(({ data }) => data));
  const data = present.some((answer) => answer.data === null)
    ? null
    : Object.fromEntries(keys.map((key) => [key, all[key]]));
  return errors.length > 0 ? { data, errors } : { data };
}
