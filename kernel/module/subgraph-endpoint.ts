import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { ApolloServer, HeaderMap } from "@apollo/server";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { DomainError } from "../errors/domain-error.ts";
import { reportToLog } from "../errors/report-to-log.ts";
import { toClientError } from "../errors/to-client-error.ts";
import { subscribeFresh } from "../federation/subscribe-fresh.ts";
import { RequestContext } from "../federation/request-context.ts";
import type { SubgraphSchema } from "../federation/build-subgraph.ts";
import type { Logger } from "../logging/logger.ts";
import { signedContextHeader, verifyContext } from "../security/signed-context.ts";

const bodyBytesMax = 4 * 1024 * 1024;

/**
 * GraphQL of one subgraph for the gateway alone: POST with a signed context, subscriptions over
 * `graphql-transport-ws` with the same token as `connectionParams.context`.
 */
export class SubgraphEndpoint {
  private readonly apollo: ApolloServer<RequestContext>;
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly secret: string;

  constructor({ schema }: SubgraphSchema, secret: string, logger: Logger) {
    this.secret = secret;
    const report = reportToLog(logger);
    const mapped = (error: unknown) => toClientError(error, report);
    this.apollo = new ApolloServer<RequestContext>({
      schema,
      introspection: true,
      csrfPrevention: false,
      stopOnTerminationSignals: false,
      formatError: (_formatted, error) => toClientError(error, report),
    });
    useServer(
      {
        schema,
        context: ({ connectionParams }) => this.contextOf(connectionParams?.context),
        onConnect: ({ connectionParams }) => this.verify(connectionParams?.context) !== null,
        subscribe: subscribeFresh as never,
        onNext: (_context, _id, _payload, _args, result) =>
          (result.errors ? { ...result, errors: result.errors.map(mapped) } : undefined) as never,
        onError: (_context, _id, _payload, errors) => errors.map(mapped),
      },
      this.sockets,
    );
  }

  async start(server: Server): Promise<void> {
    await this.apollo.start();
    server.on("upgrade", (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.sockets.emit("connection", webSocket, request),
      );
    });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    }
    const answer = await this.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? "POST",
        headers,
        search: "",
        body: JSON.parse(await readText(request)) as unknown,
      },
      context: async () => this.contextOf(request.headers[signedContextHeader]),
    });
    response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
    if (answer.body.kind === "complete") response.end(answer.body.string);
    else response.end();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.clients) socket.close(1001, "going away");
    await this.apollo.stop();
  }

  private verify(token: unknown) {
    return verifyContext(typeof token === "string" ? token : undefined, this.secret, new Date());
  }

  private contextOf(token: unknown): RequestContext {
    const principal = this.verify(token);
    if (!principal) {
      throw new DomainError("UNAUTHENTICATED", "Subgraphs answer the gateway alone.");
    }
    return new RequestContext(principal);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new DomainError("BAD_INPUT", "The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
