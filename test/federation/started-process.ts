import { spawn } from "node:child_process";

export interface Ended {
  code: number | null;
  output: string;
}

/** A start that is expected to fail: the code with which it ended, and all that it said. */
export function startAndEnd(
  entry: "main" | "services",
  environment: Record<string, string>,
): Promise<Ended> {
  const child = spawn("node", [`dist/gateway/${entry}.js`], {
    env: { PATH: process.env.PATH, PORT: "0", ...environment },
  });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      clearTimeout(late);
      resolve({ code, output });
    });
  });
}
