import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PostgresWakeUps } from "../../kernel/database/postgres-wake-ups.ts";
import { createLogger } from "../../kernel/logging/logger.ts";

/** A way to PostgreSQL that can be cut; counts who knocks. */
class CountingLink {
  readonly knocks: number[] = [];
  isCut = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(target: URL) {
    this.server = createServer((inward) => {
      this.knocks.push(performance.now());
      if (this.isCut) return void inward.destroy();
      const outward = connect(Number(target.port), target.hostname);
      for (const socket of [inward, outward]) {
        this.sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => [inward, outward].forEach((each) => void each.destroy()));
      }
      inward.pipe(outward).pipe(inward);
    });
  }

  async open(url: URL): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const through = new URL(url);
    through.port = String((this.server.address() as { port: number }).port);
    return through.href;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}

const target = new URL(process.env["TEST_DATABASE_URL"]!);
const link = new CountingLink(target);
const logger = createLogger("silent");
let near: PostgresWakeUps;
let far: PostgresWakeUps;

beforeAll(async () => {
  near = new PostgresWakeUps(await link.open(target), logger);
  far = new PostgresWakeUps(target.href, logger);
  await near.listen();
  await far.listen();
});

afterAll(async () => {
  await near?.close();
  await far?.close();
  link.close();
});

test("given an engine that is away, when it is waited for, then by one connection at a time, and found again", async () => {
  link.cut();
  const before = link.knocks.length;
  while (link.knocks.length < before + 4) await new Promise(setImmediate);
  const since = link.knocks.slice(before);
  for (const [index, at] of since.slice(1).entries()) {
    expect(at - since[index]!).toBeGreaterThan(500);
  }
  link.isCut = false;
  const topic = `test.${Date.now()}`;
  const woken = new Promise<void>((resolve) => near.onWake(topic, resolve));
  const waking = setInterval(() => far.wake(topic), 100);
  await woken;
  clearInterval(waking);
}, 30_000);
