import { Duplex } from "node:stream";
import type { Worker } from "node:worker_threads";
import { joinBytes } from "./join-bytes.ts";

const authenticationOk = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const terminate = 0x58;

/**
 * What the `pg` driver takes for a socket: its wire bytes go to the worker, the answers come back.
 * The start-up packet is answered here, as the engine is a single session that is already open.
 */
export class PgliteStream extends Duplex {
  private isStarted = false;
  private readonly worker: Worker;

  constructor(worker: Worker) {
    super();
    this.worker = worker;
    worker.on("message", this.onMessage);
    worker.once("exit", this.onExit);
  }

  connect(): this {
    // A worker that has ended has no thread, and tells nobody again.
    if (this.worker.threadId < 0) setImmediate(this.onExit);
    else setImmediate(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.send([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.worker.off("message", this.onMessage);
    this.worker.off("exit", this.onExit);
    done(error);
  }

  private send(chunks: readonly Buffer[], done: (error?: Error) => void): void {
    if (!this.isStarted) {
      this.isStarted = true;
      this.push(Buffer.concat([authenticationOk, readyForQuery]));
    } else if (chunks[0]![0] === terminate) {
      this.worker.postMessage({ kind: "reset" });
    } else {
      // A copy: the driver writes on into its buffers.
      const bytes = joinBytes(chunks);
      this.worker.postMessage({ kind: "bytes", bytes }, [bytes.buffer]);
    }
    done();
  }

  private readonly onMessage = (message: {
    kind: string;
    bytes?: Uint8Array;
    message?: string;
  }): void => {
    if (message.kind === "bytes") this.push(Buffer.from(message.bytes!.buffer));
    else if (message.kind === "broken") this.destroy(new Error(message.message));
  };

  private readonly onExit = (): void => {
    this.destroy(new Error("the embedded database has stopped"));
  };
}
