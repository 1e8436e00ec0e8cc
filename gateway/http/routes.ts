import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";

/** Finds who answers a path: exact paths first, then the longest that ends in `/*`. */
export class Routes {
  private readonly exact = new Map<string, HttpRoute>();
  private readonly prefixes: { prefix: string; route: HttpRoute }[] = [];

  constructor(routes: readonly HttpRoute[]) {
    for (const route of routes) {
      if (route.path.endsWith("/*")) {
        this.prefixes.push({ prefix: route.path.slice(0, -1), route });
      } else {
        this.exact.set(route.path, route);
      }
    }
    this.prefixes.sort((left, right) => right.prefix.length - left.prefix.length);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const route =
      this.exact.get(path) ?? this.prefixes.find(({ prefix }) => path.startsWith(prefix))?.route;
    if (!route) {
      response.writeHead(404, { "content-type": "text/plain" }).end("Not found\n");
      return;
    }
    await route.handle(request, response);
  }
}

/** The path without query; `/` when the request line holds no valid one. */
export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? "/";
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}
