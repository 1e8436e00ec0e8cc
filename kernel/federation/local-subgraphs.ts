import { type DocumentNode, execute, parse } from "graphql";
import { DomainError } from "../errors/domain-error.ts";
import { invariant } from "../errors/invariant.ts";
import type { Principal } from "../security/principal.ts";
import { allScopes } from "../security/scopes.ts";
import type { SubgraphSchema } from "./build-subgraph.ts";
import { RequestContext } from "./request-context.ts";
import type { SubgraphClient } from "./subgraph-client.ts";

/** The platform's own parts, when they ask each other. */
export const systemPrincipal: Principal = { id: "system", scopes: allScopes };

const documentsMax = 200;

/** Subgraphs of this process, asked by executing their schema: no network, no serialisation. */
export class LocalSubgraphs implements SubgraphClient {
  private readonly schemas = new Map<string, SubgraphSchema>();
  private readonly documents = new Map<string, DocumentNode>();

  add(schema: SubgraphSchema): void {
    this.schemas.set(schema.name, schema);
  }

  async ask<T>(
    subgraph: string,
    document: string,
    variables: Record<string, unknown> = {},
  ): Promise<T> {
    const target = this.schemas.get(subgraph);
    if (!target) {
      throw new DomainError("UNAVAILABLE", `The subgraph ${subgraph} is not running.`, {
        retryable: true,
      });
    }
    const result = await execute({
      schema: target.schema,
      document: this.parsed(document),
      variableValues: variables,
      contextValue: new RequestContext(systemPrincipal),
    });
    const [error] = result.errors ?? [];
    if (error) throw error.originalError ?? error;
    return result.data as T;
  }

  private parsed(document: string): DocumentNode {
    const known = this.documents.get(document);
    if (known) return known;
    invariant(this.documents.size < documentsMax, "documents are constants of the code");
    const made = parse(document);
    this.documents.set(document, made);
    return made;
  }
}
