import { createServer, type Server } from "node:http";
import { mergeSchemas } from "@graphql-tools/schema";
import { MapperKind, mapSchema } from "@graphql-tools/utils";
import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from "graphql";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import type { Principal } from "../../kernel/security/principal.ts";

/** Each part keeps its own loaders, as it has when it is a subgraph. */
class MonolithContext {
  private readonly principal: Principal;
  private readonly parts = new Map<string, RequestContext>();

  constructor(principal: Principal) {
    this.principal = principal;
  }

  of(part: string): RequestContext {
    const known = this.parts.get(part) ?? new RequestContext(this.principal);
    this.parts.set(part, known);
    return known;
  }
}

/**
 * What the supergraph is measured against: the same resolvers in one schema, executed at once by graphql-js.
 * No plan, no entities asked for by key, no limits, no shared subscriptions.
 */
export function monolithOf(parts: ReadonlyMap<string, GraphQLSchema>): GraphQLSchema {
  return mergeSchemas({
    schemas: [...parts].map(([name, schema]) =>
      mapSchema(schema, {
        [MapperKind.OBJECT_FIELD]: (field) => {
          const { resolve } = field;
          if (!resolve) return field;
          return {
            ...field,
            resolve: (source, args, context: MonolithContext, info) =>
              resolve(source, args, context.of(name), info),
          };
        },
      }),
    ),
    assumeValidSDL: true,
  });
}

/** The monolith behind HTTP; a document is parsed and checked once. */
export function serveMonolith(schema: GraphQLSchema, principal: Principal): Server {
  const documents = new Map<string, DocumentNode>();
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
      query: string;
      variables: Record<string, unknown>;
    };
    const document = documents.get(query) ?? parse(query);
    if (!documents.has(query)) {
      const [problem] = validate(schema, document);
      if (problem) return void response.writeHead(400).end(problem.message);
      documents.set(query, document);
    }
    const contextValue = new MonolithContext(principal);
    const result = await execute({ schema, document, variableValues: variables, contextValue });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
  });
}
