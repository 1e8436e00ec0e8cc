#!/usr/bin/env node
import { writeSync } from "node:fs";
import { InputError } from "./input/input-error.ts";
import { matchCommand } from "./match-command.ts";
import { putRecordsCommand } from "./put-records-command.ts";
import { rebuildCommand } from "./rebuild-command.ts";

const HELP = `selfsame COMMAND

  match              find which records of your files are of the same person (selfsame match --help)
  put-records        send the records of files to a platform that runs (selfsame put-records --help)
  rebuild-identity   rebuild who is one person from the audit log, and compare with the graph
`;
const EXIT_INPUT = 2;
const EXIT_FAULT = 1;

const STDERR = 2;

function writeProgress(text: string): void {
  try {
    // The work between two calls is synchronous, so nothing else would flush the stream.
    writeSync(STDERR, text);
  } catch {
    // A closed or full stderr is no reason to stop.
  }
}

async function main(words: readonly string[]): Promise<void> {
  const [command, ...rest] = words;
  const output = {
    write: (text: string) => void process.stdout.write(text),
    writeProgress,
    isTerminal: process.stderr.isTTY === true,
  };
  if (command === "match") return matchCommand(rest, output);
  if (command === "put-records") {
    process.exitCode = await putRecordsCommand(rest, output);
    return;
  }
  if (command === "rebuild-identity") {
    process.exitCode = await rebuildCommand(rest, output.write);
    return;
  }
  if (command === undefined || command === "--help" || command === "-h") return output.write(HELP);
  throw new InputError(`there is no command "${command}"\n\n${HELP}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isInput = error instanceof InputError;
  process.stderr.write(
    isInput
      ? `selfsame: ${error.message}\n`
      : `selfsame: ${(error as Error).stack ?? String(error)}\n`,
  );
  process.exitCode = isInput ? EXIT_INPUT : EXIT_FAULT;
});
