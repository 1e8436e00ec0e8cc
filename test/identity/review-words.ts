import type { Scope } from "../../kernel/security/scopes.ts";
import type { IdentityWorld } from "./identity-world.ts";

export interface QueueNode {
  id: string;
  cause: string;
  probability: number | null;
  createdAt: string;
  assignee: string | null;
  state: string;
  verdict: string | null;
  sides: {
    person: { id: string } | null;
    identifiers: { namespace: string; value: string }[];
    records: { source: { name: string }; kind: string; key: string; attributes: unknown }[];
  }[];
  weights: { field: string; outcome: string; weightBits: number }[];
}

export interface QueuePage {
  nodes: QueueNode[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
}

export interface VerdictPayload {
  item: {
    id: string;
    verdict: string | null;
    decidedBy: string | null;
    decidedAt: string | null;
    state: string;
  } | null;
  change: { id: string; kind: string } | null;
  problems: { code: string; path: string[] }[];
}

const queueDocument = `query ReviewQueue($first: Int, $after: String, $filter: ReviewFilter) {
  reviewQueue(first: $first, after: $after, filter: $filter) {
    nodes {
      id cause probability createdAt assignee state verdict
      sides {
        person { id } identifiers { namespace value }
        records { source { name } kind key attributes }
      }
      weights { field outcome weightBits }
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`;

const matchDocument = `mutation ReviewMatch($input: ReviewMatchInput!) {
  reviewMatch(input: $input) {
    item { id verdict decidedBy decidedAt state }
    change { id kind }
    problems { code message path }
  }
}`;

type Asks = Pick<IdentityWorld, "ask">;

/** What a reviewer does. */
export class Reviewer {
  private readonly world: Asks;

  constructor(world: Asks) {
    this.world = world;
  }

  async queue(
    filter: Record<string, unknown> = {},
    page: { first?: number; after?: string | null } = {},
    scopes?: readonly Scope[],
  ): Promise<QueuePage> {
    const variables = { first: 500, ...page, filter };
    const data = await this.world.ask<{ reviewQueue: QueuePage }>(queueDocument, variables, scopes);
    return data.reviewQueue;
  }

  async say(
    item: string,
    verdict: string,
    more: { reason?: string; deferUntil?: string } = {},
    scopes?: readonly Scope[],
  ): Promise<VerdictPayload> {
    const input = { item, verdict, reason: "Looked at it", ...more };
    const data = await this.world.ask<{ reviewMatch: VerdictPayload }>(
      matchDocument,
      { input },
      scopes,
    );
    return data.reviewMatch;
  }
}
