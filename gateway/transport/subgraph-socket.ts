import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { WebSocket } from "ws";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import { resultStream } from "./result-stream.ts";
import type { ResultStream, SubgraphResult } from "./subgraph-transport.ts";

/** A subgraph answers each ping within this time, or counts as frozen: 2.5 s at most. */
const pingMs = 1_000;
const pongMsMax = 1_500;
const openMsMax = 3_000;
/** Results read ahead of the subscriber; then the socket is paused, and the subgraph waits. */
const aheadMax = 64;

/** A subscription to open on one subgraph. */
export interface SubgraphSubscription {
  part: string;
  /** `ws:` or `wss:` */
  url: string;
  /** The signed context. */
  token: string;
  payload: { query: string; operationName?: string | undefined; variables?: unknown };
}

interface Message {
  type: string;
  payload?: SubgraphResult | GraphQLFormattedError[];
}

/**
 * Opens one subscription by `graphql-transport-ws` on a connection of its own. Strict: nothing is
 * retried (what happened meanwhile would be lost), a broken or silent connection ends the stream with
 * SUBSCRIPTION_INTERRUPTED, and the client resumes from its cursor.
 */
export async function openSubgraphStream(
  subscription: SubgraphSubscription,
): Promise<ResultStream | SubgraphResult> {
  const socket = new SubgraphSocket(subscription);
  await socket.opened;
  return resultStream({ pull: () => socket.pull(), release: () => socket.close() });
}

class SubgraphSocket {
  readonly opened: Promise<void>;
  private readonly socket: WebSocket;
  private readonly subscription: SubgraphSubscription;
  private readonly ahead: SubgraphResult[] = [];
  private readonly pinging: NodeJS.Timeout;
  private waiting: {
    resolve(r: SubgraphResult | undefined): void;
    reject(e: unknown): void;
  } | null = null;
  private end: { error: unknown } | null = null;
  private pingedAt: number | null = null;
  private settleOpen: { resolve(): void; reject(error: unknown): void } | null = null;

  constructor(subscription: SubgraphSubscription) {
    this.subscription = subscription;
    this.socket = new WebSocket(subscription.url, "graphql-transport-ws", {
      handshakeTimeout: openMsMax,
      perMessageDeflate: false,
    });
    this.opened = new Promise((resolve, reject) => {
      this.settleOpen = { resolve, reject };
    });
    const late = setTimeout(() => this.interrupt("did not answer in time"), openMsMax);
    this.opened.then(
      () => clearTimeout(late),
      () => clearTimeout(late),
    );
    this.pinging = setInterval(() => this.ping(), pingMs);
    this.socket.on("open", () =>
      this.say({ type: "connection_init", payload: { context: subscription.token } }),
    );
    this.socket.on("message", (data) => this.hear(JSON.parse(String(data)) as Message));
    this.socket.on("pong", () => {
      this.pingedAt = null;
    });
    this.socket.on("error", () => this.interrupt("cannot be reached"));
    this.socket.on("close", () => this.interrupt("closed the connection"));
  }

  pull(): Promise<SubgraphResult | undefined> {
    const result = this.ahead.shift();
    if (result) {
      if (this.ahead.length === 0 && this.socket.isPaused) this.resume();
      return Promise.resolve(result);
    }
    if (this.end) {
      return this.end.error === null ? Promise.resolve(undefined) : Promise.reject(this.end.error);
    }
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  close(): void {
    this.finish(null);
    if (this.socket.readyState === WebSocket.OPEN) this.socket.close(1000);
    else this.socket.terminate();
  }

  private hear(message: Message): void {
    this.pingedAt = null;
    if (message.type === "connection_ack") {
      this.say({ id: "1", type: "subscribe", payload: this.subscription.payload });
      this.settleOpen?.resolve();
    } else if (message.type === "ping") {
      this.say({ type: "pong" });
    } else if (message.type === "next") {
      const result = message.payload as SubgraphResult;
      // A result without data is no event: the subscription could not begin.
      if ("data" in result) this.take(result);
      else this.refuse(result.errors ?? []);
    } else if (message.type === "error") {
      this.refuse(message.payload as GraphQLFormattedError[]);
    } else if (message.type === "complete") {
      this.finish(null);
      this.close();
    }
  }

  private refuse([first]: readonly GraphQLFormattedError[]): void {
    const { message, extensions } = first ?? { message: "Refused.", extensions: undefined };
    this.finish(new GraphQLError(message, extensions ? { extensions } : {}));
    this.close();
  }

  private take(result: SubgraphResult): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting) {
      waiting.resolve(result);
      return;
    }
    this.ahead.push(result);
    if (this.ahead.length >= aheadMax && !this.socket.isPaused) this.socket.pause();
  }

  private resume(): void {
    this.pingedAt = null;
    this.socket.resume();
  }

  private ping(): void {
    if (this.socket.readyState !== WebSocket.OPEN || this.socket.isPaused) return;
    if (this.pingedAt !== null) return;
    this.pingedAt = performance.now();
    const at = this.pingedAt;
    this.socket.ping();
    setTimeout(() => {
      const isSilent = this.pingedAt === at && !this.socket.isPaused;
      if (isSilent) this.interrupt("has stopped answering");
    }, pongMsMax).unref();
  }

  private interrupt(what: string): void {
    if (this.end) return;
    const { part } = this.subscription;
    const message = `The part ${part} ${what}. Resume after your last cursor.`;
    const details = { part };
    this.finish(new DomainError("SUBSCRIPTION_INTERRUPTED", message, { retryable: true, details }));
    this.socket.terminate();
  }

  private finish(error: unknown): void {
    if (this.end) return;
    this.end = { error };
    clearInterval(this.pinging);
    if (error === null) this.settleOpen?.resolve();
    else this.settleOpen?.reject(error);
    const { waiting } = this;
    this.waiting = null;
    if (error === null) waiting?.resolve(undefined);
    else waiting?.reject(error);
  }

  private say(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
