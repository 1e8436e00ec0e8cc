import type { IncomingMessage, ServerResponse } from "node:http";

/** Which web pages may use the API from a browser: our own, and those of CORS_ORIGINS. */
export class Origins {
  private readonly allowed: ReadonlySet<string>;

  constructor(allowed: readonly string[]) {
    this.allowed = new Set(allowed.map((origin) => origin.replace(/\/$/, "").toLowerCase()));
  }

  /** Requests without an Origin do not come from a page. */
  allows(request: IncomingMessage): boolean {
    const origin = request.headers.origin?.toLowerCase();
    if (origin === undefined || this.allowed.has(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === request.headers.host?.toLowerCase();
  }

  /** Sets the CORS headers, and answers a preflight; true when it did. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = request.headers;
    if (origin !== undefined && this.allows(request)) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-max-age", "600");
      response.setHeader("access-control-allow-methods", "POST, OPTIONS");
      response.setHeader("access-control-allow-headers", "authorization, content-type, accept");
    }
    response.setHeader("vary", "origin");
    if (request.method !== "OPTIONS") return false;
    response.writeHead(204).end();
    return true;
  }
}
