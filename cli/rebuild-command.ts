import { parseArgs } from "node:util";
import { readConfig } from "../kernel/config/read-config.ts";
import { DomainError } from "../kernel/errors/domain-error.ts";
import { InputError } from "./input/input-error.ts";

export const rebuildHelp = `selfsame rebuild-identity [--position N]

Rebuilds who is one person from the audit log alone, and compares with the graph. Prints each
identifier about which they differ; the exit code is 1 when there is one.

  --position N   print the persons as the log stood at its N-th entry instead, a JSON line each

Reads DATA_DIR (of a platform that is stopped), or DATABASE_URL, and NEO4J_URI, as the platform does.
`;

/** Gives the exit code. */
export async function rebuildCommand(
  words: readonly string[],
  write: (text: string) => void,
): Promise<number> {
  const { values } = read(words);
  if (values.help) {
    write(rebuildHelp);
    return 0;
  }
  const position = positionOf(values.position);
  const { rebuildIdentity } = await import("../subgraphs/identity/rebuild-identity.ts");
  try {
    const config = readConfig();
    const agrees = await rebuildIdentity({
      config,
      position,
      write: (line) => write(`${line}\n`),
    });
    return agrees ? 0 : 1;
  } catch (error) {
    // Settings, a folder in use, an engine that does not answer: for who called, not for us.
    throw error instanceof DomainError ? new InputError(error.message) : error;
  }
}

function read(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: { position: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new InputError(`${(error as Error).message}\n\n${rebuildHelp}`);
  }
}

function positionOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InputError(`--position is a number, not "${text}"`);
}
