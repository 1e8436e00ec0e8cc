/**
 * How one subgraph asks another one: by a GraphQL document against its schema, in process or over HTTP,
 * as the principal `system` with every scope. Fails with UNAVAILABLE (retryable) within the deadline.
 */
export interface SubgraphClient {
  /** `subgraph` is identity, events, consent, audiences, experiments or activation. */
  ask<T>(subgraph: string, document: string, variables?: Record<string, unknown>): Promise<T>;
}
