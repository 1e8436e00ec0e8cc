import { connect, createServer, type Server, type Socket } from "node:net";

/** The Bolt message COMMIT as it goes over the wire. */
const commitMessage = Buffer.from([0x00, 0x02, 0xb0, 0x12, 0x00, 0x00]);

const versionOfServer = /Neo4j\/\d/;

/** A way to Neo4j that can lose the answer to a commit, be cut, or pass it off as an older one. */
export class UnsteadyProxy {
  /** Answers to commits still to be lost. */
  commitAnswersToLose = 0;
  /** What the server says is its major version; null: as it is. */
  majorVersion: number | null = null;
  private isCut = false;
  private readonly target: URL;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(target: string) {
    this.target = new URL(target);
    this.server = createServer((client) => this.accept(client));
  }

  static async open(target: string): Promise<UnsteadyProxy> {
    const proxy = new UnsteadyProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", () => resolve()));
    return proxy;
  }

  get uri(): string {
    return `bolt://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Ends all connections and takes no new ones until mended. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.isCut) {
      client.destroy();
      return;
    }
    const server = connect(Number(this.target.port), this.target.hostname);
    let isLosing = false;
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on("data", (bytes) => {
      if (this.commitAnswersToLose > 0 && bytes.includes(commitMessage)) {
        this.commitAnswersToLose -= 1;
        isLosing = true;
      }
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      if (isLosing) client.destroy();
      else client.write(this.versioned(bytes));
    });
  }

  /** One digit for another: the lengths in the message stay true. */
  private versioned(bytes: Buffer): Buffer {
    if (this.majorVersion === null) return bytes;
    const text = bytes.toString("latin1").replace(versionOfServer, `Neo4j/${this.majorVersion}`);
    return Buffer.from(text, "latin1");
  }
}
