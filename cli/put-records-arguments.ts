import { parseArgs } from "node:util";
import {
  type RecordKind,
  recordKinds,
} from "../subgraphs/identity/domain/records/source-record.ts";
import type { ClientSettings } from "./config.ts";
import { InputError } from "./input/input-error.ts";

/** What `selfsame put-records` was asked to do. */
export interface PutRecordsArguments {
  readonly files: readonly string[];
  readonly source: string;
  readonly kind: RecordKind;
  readonly idColumn: string;
  /** Namespaces by column. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly observedAtColumn: string | undefined;
  readonly ignored: ReadonlySet<string>;
  readonly rejectedFile: string | undefined;
  readonly isCheck: boolean;
  readonly url: URL;
  readonly key: string;
}

const OPTIONS = {
  source: { type: "string" },
  kind: { type: "string" },
  id: { type: "string" },
  identifier: { type: "string", multiple: true },
  "observed-at": { type: "string" },
  ignore: { type: "string", multiple: true },
  rejected: { type: "string" },
  check: { type: "boolean" },
  url: { type: "string" },
  key: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

function parseWords(words: string[]) {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [first] = (error as Error).message.split(". ");
    throw new InputError(`${first}. See selfsame put-records --help.`);
  }
}

function required(name: string, value: string | undefined, why: string): string {
  if (value === undefined || value.trim() === "")
    throw new InputError(`--${name} is missing: ${why}`);
  return value.trim();
}

function readKind(text: string): RecordKind {
  const kind = recordKinds.find((each) => each === text.toUpperCase());
  if (kind === undefined) {
    throw new InputError(
      `--kind ${text}: there is no such kind; there are ${recordKinds.join(", ")}`,
    );
  }
  return kind;
}

function readNamespaces(statements: readonly string[]): Map<string, string> {
  return new Map(
    statements.map((statement) => {
      const at = statement.indexOf("=");
      const [namespace, column] = [statement.slice(0, at), statement.slice(at + 1)];
      if (at <= 0 || column === "") {
        throw new InputError(`--identifier ${statement}: write it as namespace=COLUMN`);
      }
      return [column, namespace];
    }),
  );
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InputError(`--url ${text}: an address such as http://127.0.0.1:4000`);
  }
  return url;
}

/** Reads the words behind `selfsame put-records`; null when help is wanted. Throws InputError. */
export function readPutRecordsArguments(
  words: readonly string[],
  settings: ClientSettings,
): PutRecordsArguments | null {
  const { values, positionals } = parseWords([...words]);
  if (values.help) return null;
  if (positionals.length === 0) {
    throw new InputError(
      "no file to send. Try: selfsame put-records contacts.csv --source crm --kind CONTACT --id ContactId",
    );
  }
  const isCheck = values.check ?? false;
  const key = values.key ?? settings.key;
  return {
    files: positionals,
    source: required("source", values.source, "whose entries are they?"),
    kind: readKind(required("kind", values.kind, "what is a person to the source?")),
    idColumn: required("id", values.id, "which column has the source's own id?"),
    namespaces: readNamespaces(values.identifier ?? []),
    observedAtColumn: values["observed-at"],
    ignored: new Set(
      (values.ignore ?? []).flatMap((names) => names.split(",")).map((name) => name.trim()),
    ),
    rejectedFile: values.rejected,
    isCheck,
    url: readUrl(values.url ?? settings.url ?? "http://127.0.0.1:4000"),
    key: isCheck ? (key ?? "") : required("key", key, "or set SELFSAME_KEY"),
  };
}
