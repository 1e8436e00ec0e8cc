import type { SubgraphClient } from "../../../kernel/federation/subgraph-client.ts";

const kindsDocument = `query ChangeKinds($of: [_Any!]!) {
  _entities(representations: $of) { ... on IdentityChange { id kind } }
}`;

/**
 * The kinds of identity changes, as identity knows them: the ledger remembers only those that were
 * recent when a delivery was made.
 */
export class ChangeKinds {
  private readonly subgraphs: SubgraphClient;

  constructor(subgraphs: SubgraphClient) {
    this.subgraphs = subgraphs;
  }

  /** In order; null where there is no such change, or identity cannot be asked. */
  async of(ids: readonly string[]): Promise<(string | null)[]> {
    const representations = ids.map((id) => ({ __typename: "IdentityChange", id }));
    const found = await this.subgraphs
      .ask<{ _entities: ({ kind: string } | null)[] }>("identity", kindsDocument, {
        of: representations,
      })
      .catch(() => null);
    return ids.map((_, index) => found?._entities[index]?.kind ?? null);
  }
}
