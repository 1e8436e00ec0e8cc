import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A service that does not end by itself in this time is killed. */
const stopMsMax = 17_000;
const startMsMax = 60_000;
/** A service that dies is started again, but not for ever. */
const restartDelayMs = 500;
const restartsMax = 10;
const restartsWindowMs = 60_000;

/** One service as a child process: started, watched, started again when it dies, stopped. */
export class ServiceProcess {
  readonly name: string;
  /** Told in a sentence when the service died too often. */
  onGivenUp: (message: string) => void = () => undefined;
  private readonly path: string;
  private readonly environment: NodeJS.ProcessEnv;
  private child: ChildProcess | null = null;
  private isStopping = false;
  private deaths: number[] = [];

  /** `module` is relative to the folder of the gateway, without extension. */
  constructor(name: string, module: string, environment: NodeJS.ProcessEnv) {
    this.name = name;
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    this.path = fileURLToPath(new URL(`../${module}.${extension}`, import.meta.url));
    this.environment = environment;
  }

  /** Until the service says that it is ready; what it prints goes to `say`. */
  start(say: (line: string) => void = () => undefined): Promise<void> {
    const child = spawn(process.execPath, [...process.execArgv, this.path], {
      env: this.environment,
      // By the channel it learns that its parent was killed, and ends.
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      // Ctrl-C reaches the parent alone, which stops the services in their order.
      detached: true,
    });
    this.child = child;
    const late = setTimeout(() => child.kill("SIGKILL"), startMsMax);
    let isReady = false;
    child.once("exit", (code, signal) => {
      clearTimeout(late);
      this.afterExit(isReady, signal ?? `code ${code}`);
    });
    return new Promise((resolve) => {
      createInterface({ input: child.stdout! }).on("line", (line) => {
        say(line);
        if (!line.includes(" is ready on ")) return;
        isReady = true;
        clearTimeout(late);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
      child.once("exit", () => {
        clearTimeout(late);
        resolve();
      });
      child.kill("SIGTERM");
    });
  }

  /** A first start that fails is given up at once: a setting is wrong. */
  private afterExit(wasReady: boolean, how: string): void {
    if (this.isStopping) return;
    if (!wasReady && this.deaths.length === 0) {
      this.onGivenUp(`The service ${this.name} ended (${how}) before it was ready.`);
      return;
    }
    const now = Date.now();
    this.deaths = [...this.deaths.filter((at) => at > now - restartsWindowMs), now];
    if (this.deaths.length > restartsMax) {
      this.onGivenUp(`The service ${this.name} ended ${restartsMax} times in a minute.`);
      return;
    }
    process.stderr.write(`The service ${this.name} ended (${how}); starting it again.\n`);
    setTimeout(() => {
      if (!this.isStopping) void this.start();
    }, restartDelayMs);
  }
}
