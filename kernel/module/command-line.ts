import { DomainError } from "../errors/domain-error.ts";

/** Prints the usage on `--help`; else starts, and says in a sentence why when it cannot. */
export async function startOrExplain(usage: string, start: () => Promise<void>): Promise<void> {
  const [option] = process.argv.slice(2);
  if (option === "--help" || option === "-h") {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (option !== undefined) {
    process.stderr.write(`There is no option ${option}. --help says what there is.\n`);
    process.exit(2);
  }
  try {
    await start();
  } catch (error) {
    const reason = error instanceof DomainError ? error.message : String((error as Error).stack);
    process.stderr.write(`Selfsame cannot start. ${reason}\n`);
    process.exit(1);
  }
}
