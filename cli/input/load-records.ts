import { basename } from "node:path";
import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import { buildSchema } from "../../subgraphs/identity/domain/matching/schema/build-schema.ts";
import {
  type ColumnProfile,
  profileColumns,
} from "../../subgraphs/identity/domain/matching/schema/profile-columns.ts";
import { recogniseColumns } from "../../subgraphs/identity/domain/matching/schema/recognise-columns.ts";
import type { RecognisedColumn } from "../../subgraphs/identity/domain/matching/schema/recognised-column.ts";
import type { RecordSchema } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import type { MatchArguments } from "../match-arguments.ts";
import { InputError } from "./input-error.ts";
import type { InputRow } from "./input-row.ts";
import { LoadedRecords } from "./loaded-records.ts";
import { rowReader } from "./row-reader.ts";

/** Rows of each file that are looked at before the columns are recognised. */
const SAMPLE_ROWS_MAX = 5_000;

interface OpenFile {
  readonly path: string;
  readonly sample: InputRow[];
  readonly rest: AsyncIterator<InputRow>;
}

async function openFile(path: string): Promise<OpenFile> {
  const rest = rowReader(path)(path)[Symbol.asyncIterator]();
  const sample: InputRow[] = [];
  while (sample.length < SAMPLE_ROWS_MAX) {
    const next = await rest.next();
    if (next.done === true) break;
    sample.push(next.value);
  }
  if (sample.length === 0) throw new InputError("the file has no records", { file: path });
  return { path, sample, rest };
}

function requireColumns(
  wanted: MatchArguments,
  profiles: readonly ColumnProfile[],
  files: readonly OpenFile[],
): void {
  const known = profiles.map(({ column }) => column);
  const named: [string, string | undefined][] = [
    ["--id", wanted.idColumn],
    ["--source", wanted.sourceColumn],
    ["--truth", wanted.truthColumn],
    ...[...wanted.roleByColumn].map(([column, role]): [string, string] => [
      `--column ${role}=`,
      column,
    ]),
    ...[...wanted.ignored].map((column): [string, string] => ["--ignore", column]),
  ];
  for (const [option, column] of named) {
    if (column === undefined || known.includes(column)) continue;
    throw new InputError(
      `${option} ${column}: there is no such column; there are: ${known.join(", ")}`,
      { file: files[0]!.path, line: 1 },
    );
  }
  if (wanted.idColumn === undefined) return;
  for (const { path, sample } of files) {
    if (sample.some(({ values }) => wanted.idColumn! in values)) continue;
    throw new InputError(`--id ${wanted.idColumn}: this file has no such column`, {
      file: path,
      line: 1,
    });
  }
}

/** Roles of all columns; the id, the source and above all the truth are never looked at. */
function recognise(profiles: readonly ColumnProfile[], wanted: MatchArguments): RecognisedColumn[] {
  const kept = [wanted.idColumn, wanted.sourceColumn, wanted.truthColumn].filter(
    (name) => name !== undefined,
  );
  return recogniseColumns(
    profiles.filter(({ column }) => !kept.includes(column)),
    { roleByColumn: wanted.roleByColumn, ignored: wanted.ignored },
  );
}

const TELLING_KINDS = new Set([
  "name",
  "organisation",
  "email",
  "phone",
  "identifier",
  "date",
  "street",
]);

function checkUsable(
  schema: RecordSchema,
  columns: readonly RecognisedColumn[],
  path: string,
): void {
  if (schema.fields.some(({ kind }) => TELLING_KINDS.has(kind))) return;
  const seen = columns.map(({ column, role }) => `${column} (${role})`).join(", ");
  throw new InputError(
    `no usable columns: nothing here tells persons apart; found ${seen}. Name them with --column surname=YOUR_COLUMN`,
    { file: path, line: 1, column: 1 },
  );
}

/** A model reads its own columns: a file that has none of them would match nobody, silently. */
function requireModelColumns(
  { nameColumns, fields, mixedColumns = [] }: RecordSchema,
  profiles: readonly ColumnProfile[],
  path: string,
): void {
  const read = [...Object.values(nameColumns), ...fields.map(({ columns }) => columns)].flat();
  const isPiece = (name: string) => mixedColumns.some((column) => name.startsWith(`${column} › `));
  const wanted = [...read.filter((name) => !isPiece(name)), ...mixedColumns];
  if (profiles.some(({ column }) => wanted.includes(column))) return;
  throw new InputError(`the model reads the columns ${wanted.join(", ")}; none is in this file`, {
    file: path,
    line: 1,
  });
}

export interface LoadOutcome {
  readonly records: LoadedRecords;
  readonly columns: readonly RecognisedColumn[];
}

/** Reads all files into one table; with `schema` (of a trained model) columns are read as that says. */
export async function loadRecords(
  wanted: MatchArguments,
  schema?: RecordSchema,
): Promise<LoadOutcome> {
  const files: OpenFile[] = [];
  for (const path of wanted.files) files.push(await openFile(path));
  const profiles = profileColumns(
    files.flatMap(({ sample }) => sample.map(({ values }) => values)),
  );
  requireColumns(wanted, profiles, files);
  const columns = recognise(profiles, wanted);
  if (schema !== undefined) requireModelColumns(schema, profiles, files[0]!.path);
  const used = schema ?? buildSchema(columns, profiles);
  checkUsable(used, columns, files[0]!.path);
  const records = new LoadedRecords(new RecordTable(used), wanted);
  const names = files.map(({ path }) => basename(path));
  for (const [at, file] of files.entries()) {
    const isNameUnique = names.indexOf(names[at]!) === names.lastIndexOf(names[at]!);
    records.beginFile(file.path, isNameUnique ? names[at]! : file.path);
    for (const row of file.sample.splice(0)) records.add(row);
    for (let next = await file.rest.next(); next.done !== true; next = await file.rest.next())
      records.add(next.value);
  }
  records.finish();
  return { records, columns };
}
