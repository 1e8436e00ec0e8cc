import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import type { ServerResponse } from "node:http";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";
import { projectRoot } from "../supergraph/supergraph-file.ts";
import { pathOf } from "./routes.ts";

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".woff2": "font/woff2",
};

/** Where `npm run build` puts the explorer. */
export function explorerFolder(): string {
  return join(projectRoot(), "dist", "gateway", "explorer");
}

/** Nothing from another host, ever. GraphiQL's editor sets styles inline. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** `/` leads to the explorer; `/explorer` is GraphiQL, from files of our own in `folder`. */
export function pageRoutes(folder: string): HttpRoute[] {
  return [
    {
      path: "/",
      async handle(_request, response) {
        response.writeHead(302, { location: "/explorer" }).end();
      },
    },
    {
      path: "/explorer",
      handle: (_request, response) => sendFile(response, folder, "index.html"),
    },
    {
      path: "/explorer/*",
      handle: (request, response) =>
        sendFile(response, folder, pathOf(request).slice("/explorer/".length) || "index.html"),
    },
  ];
}

async function sendFile(response: ServerResponse, folder: string, name: string): Promise<void> {
  const path = normalize(join(folder, name));
  const type = contentTypes[extname(path)];
  const content =
    type && path.startsWith(folder + sep) ? await readFile(path).catch(() => null) : null;
  if (!content || !type) {
    const hint = "The explorer is not built: npm run build.\n";
    response.writeHead(404, { "content-type": "text/plain" });
    response.end(name === "index.html" ? hint : "Not found\n");
    return;
  }
  response.writeHead(200, {
    "content-type": type,
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": name === "index.html" ? "no-cache" : "public, max-age=3600",
  });
  response.end(content);
}
