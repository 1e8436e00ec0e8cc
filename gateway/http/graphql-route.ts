import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";
import type { GraphqlEndpoint } from "./graphql-endpoint.ts";
import type { Origins } from "./origins.ts";

/** `/graphql`: CORS first, then the endpoint; a person who opens it in a browser gets the explorer. */
export function graphqlRoute(endpoint: GraphqlEndpoint, origins: Origins): HttpRoute {
  return {
    path: "/graphql",
    async handle(request, response) {
      if (origins.answer(request, response)) return;
      if (request.method === "GET" && request.headers.accept?.includes("text/html")) {
        response.writeHead(302, { location: "/explorer" }).end();
        return;
      }
      await endpoint.handle(request, response);
    },
  };
}
