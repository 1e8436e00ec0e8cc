import type { ServerResponse } from "node:http";
import type { ClientResult, OperationRunner } from "../execution/run-operation.ts";
import type { ResultStream } from "../transport/subgraph-transport.ts";

const keepAliveMs = 12_000;
/** A client that takes nothing for this long is let go; it resumes from its cursor. */
const stallMsMax = 10_000;

/**
 * Sends results as GraphQL over server-sent events, "distinct connections": `next` for each,
 * then `complete`. The next result is pulled when the one before has left, so nothing piles up.
 */
export class ServerSentEvents {
  private readonly response: ServerResponse;
  private readonly runner: OperationRunner;

  constructor(response: ServerResponse, runner: OperationRunner) {
    this.response = response;
    this.runner = runner;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    response.flushHeaders();
  }

  async sendOne(result: ClientResult): Promise<void> {
    await this.write(event("next", result));
    await this.complete();
  }

  /** Until the stream ends or the client leaves. An error that ends it is the last `next`. */
  async sendAll(stream: ResultStream): Promise<void> {
    const keepAlive = setInterval(() => this.response.write(":\n\n"), keepAliveMs);
    this.response.once("close", () => void stream.return());
    try {
      for await (const result of stream) {
        if (!(await this.write(event("next", this.runner.mapErrors(result))))) return;
      }
    } catch (error) {
      await this.write(event("next", { errors: [this.runner.mapError(error)] }));
    } finally {
      clearInterval(keepAlive);
      await stream.return();
    }
    await this.complete();
  }

  private async complete(): Promise<void> {
    await this.write("event: complete\ndata: \n\n");
    this.response.end();
  }

  /** False when the client has gone, or took nothing for too long. */
  private async write(text: string): Promise<boolean> {
    const { response } = this;
    if (response.destroyed || response.writableEnded) return false;
    if (response.write(text)) return true;
    return new Promise((resolve) => {
      const finish = (isTaken: boolean) => {
        clearTimeout(timer);
        response.off("drain", drained).off("close", closed);
        if (!isTaken) response.destroy();
        resolve(isTaken);
      };
      const drained = () => finish(true);
      const closed = () => finish(false);
      const timer = setTimeout(closed, stallMsMax);
      response.once("drain", drained).once("close", closed);
    });
  }
}

function event(name: string, result: ClientResult): string {
  return `event: ${name}\ndata: ${JSON.stringify(result)}\n\n`;
}
