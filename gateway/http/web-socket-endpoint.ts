import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { GraphQLError, parse } from "graphql";
import { handleProtocols, makeServer, type Context } from "graphql-ws";
import { WebSocketServer, type WebSocket } from "ws";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { ClientError } from "../../kernel/errors/to-client-error.ts";
import type { Authenticated, Authenticator } from "../authentication/authenticator.ts";
import type { OperationRunner } from "../execution/run-operation.ts";
import type { OpenStreams } from "./open-streams.ts";
import type { OperationMetrics } from "./operation-metrics.ts";
import { readOperation } from "./read-operation.ts";
import { SocketConnection } from "./socket-connection.ts";

/** Operations at a time on one connection. */
const perConnectionMax = 500;
const closeUnauthorized = 4401;

interface Extra {
  connection: SocketConnection;
  request: IncomingMessage;
  authenticated?: Authenticated;
}

type SocketContext = Context<Record<string, unknown> | undefined, Extra>;

/** graphql-ws looks at a document only to learn whether there will be one result or many. */
const oneResult = parse("query { outcome }");
const manyResults = parse("subscription { outcome }");

/** WebSocket on /graphql, protocol `graphql-transport-ws`; `connectionParams.authorization`. */
export class WebSocketEndpoint {
  private readonly sockets: WebSocketServer;
  private readonly authenticator: Authenticator;
  private readonly runner: OperationRunner;
  private readonly streams: OpenStreams;
  private readonly metrics: OperationMetrics;
  private readonly server: ReturnType<
    typeof makeServer<Record<string, unknown> | undefined, Extra>
  >;

  constructor(parts: {
    authenticator: Authenticator;
    runner: OperationRunner;
    streams: OpenStreams;
    metrics: OperationMetrics;
    bodyBytesMax: number;
  }) {
    this.authenticator = parts.authenticator;
    this.runner = parts.runner;
    this.streams = parts.streams;
    this.metrics = parts.metrics;
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: parts.bodyBytesMax,
      perMessageDeflate: false,
      handleProtocols,
    });
    this.server = makeServer<Record<string, unknown> | undefined, Extra>({
      onConnect: (context) => this.connect(context),
      onSubscribe: (context, _id, payload) => this.start(context, payload),
      execute: (args) => args.contextValue as never,
      subscribe: (args) => args.contextValue as never,
      onNext: (_context, _id, _payload, _args, result) =>
        this.runner.mapErrors(result as never) as never,
      onError: (_context, _id, _payload, errors) =>
        errors.map((error) => this.runner.mapError(error)),
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket, request));
  }

  /** Ends what still is connected: "service restart", on which clients come back. */
  close(): void {
    for (const socket of this.sockets.clients) socket.close(1012, "Service restart");
    this.sockets.close();
  }

  terminate(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  private open(webSocket: WebSocket, request: IncomingMessage): void {
    const connection = new SocketConnection(webSocket);
    const closed = this.server.opened(connection, { connection, request });
    webSocket.once("close", (code, reason) => void closed(code, String(reason)));
  }

  private async connect(context: SocketContext): Promise<boolean> {
    const { extra, connectionParams } = context;
    const given = connectionParams?.["authorization"] ?? connectionParams?.["Authorization"];
    const header = extra.request.headers.authorization;
    try {
      extra.authenticated = await this.authenticator.authenticate(
        typeof given === "string" ? given : header,
      );
    } catch (error) {
      const { message, extensions } = this.runner.mapError(error);
      const code = extensions.code === "UNAUTHENTICATED" ? closeUnauthorized : 1013;
      extra.connection.close(code, `${extensions.code}: ${message}`);
      return false;
    }
    const stop = extra.authenticated.onEnd((reason) =>
      extra.connection.closeSoon(closeUnauthorized, `UNAUTHENTICATED: ${reason.message}`),
    );
    extra.connection.onceClosed(stop);
    return true;
  }

  /** Runs the operation of a `subscribe` message; what came of it is handed on as context. */
  private async start(context: SocketContext, payload: unknown) {
    const { schema } = this.runner;
    try {
      if (Object.keys(context.subscriptions).length > perConnectionMax) {
        const message = `A connection carries at most ${perConnectionMax} operations.`;
        throw new DomainError("OVERLOADED", message, { retryable: true });
      }
      const authenticated = context.extra.authenticated!;
      this.streams.checkRoom(authenticated);
      const outcome = await this.metrics.measure(() =>
        this.runner.run(readOperation(payload), authenticated.principal),
      );
      if (outcome.kind === "refused" || outcome.kind === "unopened")
        return outcome.errors.map(asGraphqlError);
      if (outcome.kind === "result") {
        return { schema, document: oneResult, contextValue: outcome.result };
      }
      const contextValue = this.streams.add(outcome.stream, authenticated);
      return { schema, document: manyResults, contextValue };
    } catch (error) {
      return [asGraphqlError(this.runner.mapError(error))];
    }
  }
}

function asGraphqlError({ message, extensions }: ClientError): GraphQLError {
  return new GraphQLError(message, { extensions });
}
