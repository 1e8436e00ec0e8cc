import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const rootKey = "sk_bench_0123456789abcdef0123456789abcdef";

/** The product as its users run it: the one process, or the services on PostgreSQL and Neo4j. */
export class Product {
  readonly url: string;
  readonly startedMs: number;
  private readonly child: ChildProcess;
  private readonly folder: string;

  private constructor(child: ChildProcess, folder: string, url: string, startedMs: number) {
    this.child = child;
    this.folder = folder;
    this.url = url;
    this.startedMs = startedMs;
  }

  /** `layout`: `process` (embedded), `postgres` (one process on DATABASE_URL), `services`. */
  static async start(layout: string): Promise<Product> {
    const folder = mkdtempSync(join(tmpdir(), "selfsame-bench-"));
    const entry = layout === "services" ? "dist/gateway/services.js" : "dist/gateway/main.js";
    const begun = performance.now();
    const { DATABASE_URL, NEO4J_URI, PATH } = process.env;
    const engines = layout === "process" ? {} : { DATABASE_URL, ...(NEO4J_URI && { NEO4J_URI }) };
    const child = spawn("sh", ["scripts/run.sh", entry], {
      env: {
        PATH,
        ...engines,
        DATA_DIR: folder,
        PORT: "0",
        ROOT_KEY: rootKey,
        LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let written = "";
      child.once("exit", () => reject(new Error(`did not start\n${written}`)));
      child.stdout.on("data", (chunk: Buffer) => {
        written += chunk.toString();
        const ready = /is ready on (http\S+)/.exec(written.split("Selfsame").at(-1) ?? "");
        if (ready) resolve(ready[1]!);
      });
    });
    return new Product(child, folder, url, performance.now() - begun);
  }

  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${rootKey}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: T; errors?: { message: string }[] };
    if (answer.errors?.[0]) throw new Error(JSON.stringify(answer.errors[0]));
    return answer.data as T;
  }

  /** A mutation with one input; throws what was refused. */
  async define<T>(mutation: string, inputType: string, input: object, result = ""): Promise<T> {
    const answer = await this.ask<Record<string, T & { problems: { message: string }[] }>>(
      `mutation($input: ${inputType}!) { ${mutation}(input: $input) { ${result} problems { message } } }`,
      { input },
    );
    const [problem] = answer[mutation]!.problems;
    if (problem) throw new Error(`${mutation}: ${problem.message}`);
    return answer[mutation]!;
  }

  /** Messages of a subscription over Server-Sent Events, until the reader stops. */
  async *follow<T>(query: string): AsyncGenerator<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        authorization: `Bearer ${rootKey}`,
      },
      body: JSON.stringify({ query }),
    });
    let rest = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (!line.startsWith("data:") || line.length < 8) continue;
        const message = JSON.parse(line.slice(5)) as { data?: T; errors?: unknown };
        if (message.errors) throw new Error(JSON.stringify(message.errors));
        if (message.data) yield message.data;
      }
    }
  }

  /** Resident memory of its processes in MiB, now and at its highest. */
  memoryMiB(): { now: number; peak: number } {
    const all = this.processes().map((pid) => readFileSync(`/proc/${pid}/status`, "utf8"));
    const sum = (name: string) =>
      all.reduce(
        (kib, status) => kib + Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]),
        0,
      );
    return { now: Math.round(sum("VmRSS") / 1024), peak: Math.round(sum("VmHWM") / 1024) };
  }

  /** What its processes have used of the processors; engines beside them are not counted. */
  cpuSeconds(): number {
    return this.processes().reduce((seconds, pid) => {
      const [user, system] = statOf(pid).slice(11, 13).map(Number);
      return seconds + (user! + system!) / ticksPerSecond;
    }, 0);
  }

  private processes(): number[] {
    const parents = new Map<number, number>();
    for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
      const parent = statOf(Number(name))[1];
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    }
    const found = [this.child.pid!];
    for (const pid of found) {
      for (const [child, parent] of parents) if (parent === pid) found.push(child);
    }
    return found;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.child.removeAllListeners("exit");
      this.child.once("exit", resolve);
      this.child.kill("SIGTERM");
    });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const ticksPerSecond = 100;

/** Fields of `/proc/<pid>/stat` after the name: state, parent, …; none when the process has ended. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
