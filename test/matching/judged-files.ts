import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "csv-parse/sync";
import { SHAPES } from "../../bench/identity/made-up/shape-catalogue.ts";
import { JUDGE_COLUMNS, rowsOfShape } from "../../bench/identity/made-up/shapes.ts";
import { flattenJson } from "../../cli/input/read-json-lines.ts";
import type { SourceRow } from "../../subgraphs/identity/domain/matching/schema/source-row.ts";

/** A file of people of which it is known who is who. */
export interface JudgedFile {
  readonly name: string;
  readonly rows: readonly SourceRow[];
  /** Columns that are never looked at. */
  readonly hidden: readonly string[];
  /** Per row. */
  readonly truth: readonly string[];
}

/** Published files are read where they stand beside the project; those it makes are always there. */
const published = resolve("../shared/data/people");

/** Files that tell enough of everybody: nearly nothing may go wrong. */
export function clearFiles(): JudgedFile[] {
  const febrl = ["dataset1.csv", "dataset3.csv"].map((name) => resolve(published, "febrl", name));
  return [madeUpFile("English, ordinary"), ...febrl.filter(existsSync).map(febrlFile)];
}

/** Files in which people are easily taken for others. */
export function treacherousFiles(): JudgedFile[] {
  const senzing = resolve(published, "senzing-truthset");
  return [
    madeUpFile("English, much noise"),
    madeUpFile("Vietnamese, few surnames"),
    ...(existsSync(senzing) ? [senzingFile(senzing)] : []),
  ];
}

function madeUpFile(name: string): JudgedFile {
  const shape = SHAPES.find((each) => each.name === name);
  if (!shape) throw new Error(`no shape is called ${name}`);
  const rows = rowsOfShape({ ...shape, people: 300 });
  return { name, rows, hidden: JUDGE_COLUMNS, truth: rows.map(({ truth }) => truth) };
}

/** Without the social security number, which would tell it all. */
function febrlFile(path: string): JudgedFile {
  const rows = parse(readFileSync(path), { columns: true, trim: true }) as Record<string, string>[];
  const truth = rows.map((row) => row.rec_id!.split("-")[1]!);
  return { name: path, rows, hidden: ["rec_id", "soc_sec_id"], truth };
}

function senzingFile(folder: string): JudgedFile {
  const key = parse(readFileSync(resolve(folder, "actual_truthset_key.csv")), {
    columns: true,
  }) as Record<string, string>[];
  const truthOf = new Map(
    key.map((row) => [`${row.DATA_SOURCE}/${row.RECORD_ID}`, row.CLUSTER_ID!]),
  );
  const uneven = ["customers", "reference", "watchlist"].flatMap((name) =>
    readFileSync(resolve(folder, `${name}.jsonl`), "utf8")
      .trim()
      .split("\n")
      .map((line) => flattenJson(JSON.parse(line))),
  );
  const columns = [...new Set(uneven.flatMap((row) => Object.keys(row)))];
  const rows = uneven.map((row) =>
    Object.fromEntries(columns.map((column) => [column, row[column] ?? ""])),
  );
  const truth = rows.map((row) => truthOf.get(`${row.DATA_SOURCE}/${row.RECORD_ID}`)!);
  return { name: "Senzing truth set", rows, hidden: ["RECORD_ID", "DATA_SOURCE"], truth };
}
