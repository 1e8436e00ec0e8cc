import { Agent, request as send } from "node:http";
import { request as sendSecure } from "node:https";
import { pipeline } from "node:stream";
import type { HttpRoute } from "../../kernel/module/subgraph-module.ts";

const connectionsMax = 256;
const answerMsMax = 30_000;

/** Of one connection, not of the message: not passed on. */
const hopHeaders = ["connection", "keep-alive", "proxy-connection", "te", "upgrade", "expect"];

/**
 * Passes requests on to another process as they come, and its answers back, without holding either.
 * When it cannot be reached: 503 with `Retry-After`, on which every SDK tries again.
 */
export function proxyRoute(path: string, address: string): HttpRoute {
  const target = new URL(address);
  const isSecure = target.protocol === "https:";
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  return {
    path,
    handle: (request, response) =>
      new Promise((resolve) => {
        const headers = { ...request.headers };
        for (const name of hopHeaders) delete headers[name];
        headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
        const { hostname, port } = target;
        const options = { hostname, port, method: request.method, path: request.url, headers };
        const onward = (isSecure ? sendSecure : send)(
          isSecure ? options : { ...options, agent },
          (answer) => {
            const answered = { ...answer.headers };
            for (const name of hopHeaders) delete answered[name];
            response.writeHead(answer.statusCode ?? 502, answered);
            pipeline(answer, response, () => resolve());
          },
        );
        onward.setTimeout(answerMsMax, () => onward.destroy(new Error("no answer in time")));
        onward.on("error", () => {
          request.resume();
          if (response.headersSent) response.destroy();
          else {
            response.writeHead(503, { "retry-after": "1", "content-type": "application/json" });
            response.end('{"success":false,"message":"Ingestion is not reachable; try again."}\n');
          }
          resolve();
        });
        pipeline(request, onward, () => undefined);
      }),
  };
}
