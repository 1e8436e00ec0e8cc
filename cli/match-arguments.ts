import { parseArgs } from "node:util";
import { roleByHeader } from "../subgraphs/identity/domain/matching/schema/column-roles.ts";
import {
  COLUMN_ROLES,
  type ColumnRole,
} from "../subgraphs/identity/domain/matching/schema/column-role.ts";
import { DEFAULT_MATCH_SETTINGS } from "../subgraphs/identity/domain/matching/match-records.ts";
import { InputError } from "./input/input-error.ts";

/** What `selfsame match` was asked to do. */
export interface MatchArguments {
  readonly files: readonly string[];
  readonly idColumn: string | undefined;
  readonly outputFolder: string | undefined;
  readonly roleByColumn: ReadonlyMap<string, ColumnRole>;
  readonly ignored: ReadonlySet<string>;
  readonly sourceColumn: string | undefined;
  readonly truthColumn: string | undefined;
  readonly modelFile: string | undefined;
  readonly explain: readonly [string, string] | undefined;
  readonly isOneToOne: boolean;
  readonly isDeduplicating: boolean;
  readonly seed: number;
  readonly threshold: number;
  readonly isHelp: boolean;
}

const OPTIONS = {
  id: { type: "string" },
  output: { type: "string", short: "o" },
  column: { type: "string", multiple: true },
  ignore: { type: "string", multiple: true },
  source: { type: "string" },
  truth: { type: "string" },
  model: { type: "string" },
  "one-to-one": { type: "boolean" },
  deduplicate: { type: "boolean" },
  seed: { type: "string" },
  threshold: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** `--explain ID1 ID2` takes two values, which the standard parser cannot. */
function takeExplain(words: readonly string[]): {
  rest: string[];
  explain: readonly [string, string] | undefined;
} {
  const at = words.indexOf("--explain");
  if (at < 0) return { rest: [...words], explain: undefined };
  const [left, right] = [words[at + 1], words[at + 2]];
  if (
    left === undefined ||
    right === undefined ||
    left.startsWith("--") ||
    right.startsWith("--")
  ) {
    throw new InputError("--explain needs two ids: --explain ID1 ID2");
  }
  return { rest: [...words.slice(0, at), ...words.slice(at + 3)], explain: [left, right] };
}

function readRoles(statements: readonly string[]): Map<string, ColumnRole> {
  return new Map(
    statements.map((statement) => {
      const at = statement.indexOf("=");
      const [name, column] = [statement.slice(0, at), statement.slice(at + 1)];
      if (at <= 0 || column === "")
        throw new InputError(`--column ${statement}: write it as role=COLUMN`);
      const role =
        COLUMN_ROLES.find((known) => known.toLowerCase() === name.toLowerCase()) ??
        roleByHeader(name);
      if (role === undefined) {
        throw new InputError(
          `--column ${statement}: there is no role "${name}"; roles are ${COLUMN_ROLES.join(", ")}`,
        );
      }
      return [column, role];
    }),
  );
}

function readNumber(
  name: string,
  text: string,
  isValid: (value: number) => boolean,
  wanted: string,
): number {
  const value = Number(text);
  if (text.trim() === "" || !isValid(value)) throw new InputError(`--${name} ${text}: ${wanted}`);
  return value;
}

function parseWords(words: string[]) {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new InputError(`${(error as Error).message.split(". ")[0]}. See selfsame match --help.`);
  }
}

function requireFilesAndOutput(files: readonly string[], hasGoal: boolean): void {
  if (files.length === 0) {
    throw new InputError(
      "no file to match. Try: selfsame match people.csv --id record_id --output out/",
    );
  }
  if (!hasGoal) throw new InputError("--output FOLDER is missing: where shall the results go?");
}

const isProbability = (value: number) => value > 0 && value < 1;

/** Reads the words behind `selfsame match`; throws InputError when they make no sense. */
export function readMatchArguments(words: readonly string[]): MatchArguments {
  const { rest, explain } = takeExplain(words);
  const { values, positionals } = parseWords(rest);
  const isHelp = values.help ?? false;
  if (!isHelp)
    requireFilesAndOutput(positionals, values.output !== undefined || explain !== undefined);
  const { seed, threshold } = DEFAULT_MATCH_SETTINGS;
  const ignored = (values.ignore ?? []).flatMap((names) => names.split(","));
  return {
    files: positionals,
    idColumn: values.id,
    outputFolder: values.output,
    roleByColumn: readRoles(values.column ?? []),
    ignored: new Set(ignored.map((name) => name.trim())),
    sourceColumn: values.source,
    truthColumn: values.truth,
    modelFile: values.model,
    explain,
    isOneToOne: values["one-to-one"] ?? false,
    isDeduplicating: values.deduplicate ?? false,
    seed: readNumber("seed", values.seed ?? `${seed}`, Number.isSafeInteger, "a whole number"),
    threshold: readNumber(
      "threshold",
      values.threshold ?? `${threshold}`,
      isProbability,
      "a probability between 0 and 1",
    ),
    isHelp,
  };
}
