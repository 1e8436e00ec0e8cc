import { InputError } from "./input/input-error.ts";
import type { InputRow } from "./input/input-row.ts";
import { rowReader } from "./input/row-reader.ts";
import type { PutRecordsArguments } from "./put-records-arguments.ts";

/** A record as the platform takes it, and where it stands. */
export interface FileRecord {
  readonly file: string;
  readonly line: number;
  readonly record: {
    readonly kind: string;
    readonly key: string;
    readonly observedAt: string;
    readonly identifiers: readonly { namespace: string; value: string }[];
    readonly attributes: Readonly<Record<string, string>>;
  };
}

/**
 * Reads all files to their ends and gives the number of records. Throws InputError with the place where a file is
 * broken, an id is missing or stands twice, or a column that was named does not exist.
 */
export async function checkFiles(wanted: PutRecordsArguments): Promise<number> {
  const places = new Map<string, string>();
  const columns = new Set<string>();
  for (const file of wanted.files) {
    const before = places.size;
    for await (const row of rowReader(file)(file)) {
      for (const column of Object.keys(row.values)) columns.add(column);
      const id = idOf(row, file, wanted);
      const earlier = places.get(id);
      if (earlier !== undefined) {
        const message = `the id "${id}" (${wanted.idColumn}) stands in ${earlier} already; ids must differ`;
        throw new InputError(message, { file, line: row.line });
      }
      places.set(id, `${file}, line ${row.line}`);
    }
    if (places.size === before) throw new InputError("the file has no records", { file });
  }
  requireColumns(wanted, columns);
  return places.size;
}

/** The records of all files, one after the other. */
export async function* recordsOf(
  wanted: PutRecordsArguments,
  now: Date,
): AsyncGenerator<FileRecord> {
  for (const file of wanted.files) {
    for await (const row of rowReader(file)(file)) {
      yield { file, line: row.line, record: recordOf(row, file, wanted, now) };
    }
  }
}

function recordOf(row: InputRow, file: string, wanted: PutRecordsArguments, now: Date) {
  const identifiers: { namespace: string; value: string }[] = [];
  const attributes: Record<string, string> = {};
  let observedAt = now.toISOString();
  for (const [column, text] of Object.entries(row.values)) {
    const value = text?.trim() ?? "";
    if (value === "" || column === wanted.idColumn || wanted.ignored.has(column)) continue;
    const namespace = wanted.namespaces.get(column);
    if (column === wanted.observedAtColumn) observedAt = value;
    else if (namespace !== undefined) identifiers.push({ namespace, value });
    else attributes[column] = value;
  }
  // The id itself may be an identifier, too.
  const own = wanted.namespaces.get(wanted.idColumn);
  const key = idOf(row, file, wanted);
  if (own !== undefined) identifiers.push({ namespace: own, value: key });
  return { kind: wanted.kind, key, observedAt, identifiers, attributes };
}

function idOf({ values, line }: InputRow, file: string, { idColumn }: PutRecordsArguments): string {
  const id = values[idColumn]?.trim() ?? "";
  if (id !== "") return id;
  if (!(idColumn in values)) {
    const known = Object.keys(values).join(", ");
    throw new InputError(`--id ${idColumn}: there is no such column; there are: ${known}`, {
      file,
      line,
    });
  }
  throw new InputError(`the id (${idColumn}) is empty`, { file, line });
}

function requireColumns(wanted: PutRecordsArguments, known: ReadonlySet<string>): void {
  const named: [string, string | undefined][] = [
    ["--observed-at", wanted.observedAtColumn],
    ...[...wanted.namespaces].map(([column, namespace]): [string, string] => [
      `--identifier ${namespace}=`,
      column,
    ]),
    ...[...wanted.ignored].map((column): [string, string] => ["--ignore", column]),
  ];
  for (const [option, column] of named) {
    if (column === undefined || known.has(column)) continue;
    throw new InputError(
      `${option} ${column}: there is no such column; there are: ${[...known].join(", ")}`,
      { file: wanted.files[0]!, line: 1 },
    );
  }
}
