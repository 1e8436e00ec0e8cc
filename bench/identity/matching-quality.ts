/**
 * Prints the matcher's quality table over the published data sets beside the project (../shared/data/people):
 * the same defaults for each, the truth only used to judge. Run: node bench/identity/matching-quality.ts
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { profileColumns } from "../../cli/input/load-records.ts";
import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import {
  DEFAULT_MATCH_SETTINGS,
  matchRecords,
} from "../../subgraphs/identity/domain/matching/match-records.ts";
import { buildSchema } from "../../subgraphs/identity/domain/matching/schema/build-schema.ts";
import { recogniseColumns } from "../../subgraphs/identity/domain/matching/schema/recognise-columns.ts";

type Row = Record<string, string>;

interface DataSet {
  readonly name: string;
  readonly files: readonly string[];
  readonly hidden: readonly string[];
  readonly truthOf: (row: Row) => string;
}

const febrlTruth = (row: Row) => row.rec_id!.split("-")[1]!;
const febrl = (name: string, ...files: string[]): DataSet => ({
  name,
  files: files.map((file) => join("febrl", file)),
  hidden: ["rec_id", "soc_sec_id"],
  truthOf: febrlTruth,
});

const DATA_SETS: readonly DataSet[] = [
  febrl("FEBRL 1", "dataset1.csv"),
  febrl("FEBRL 2", "dataset2.csv"),
  febrl("FEBRL 3", "dataset3.csv"),
  febrl("FEBRL 4", "dataset4a.csv", "dataset4b.csv"),
  {
    name: "historical-dev",
    files: ["historical-dev.csv.gz"],
    hidden: ["unique_id", "cluster"],
    truthOf: (row) => row.cluster!,
  },
];

function readRows(path: string): Row[] {
  const bytes = readFileSync(path);
  return parse(path.endsWith(".gz") ? gunzipSync(bytes) : bytes, {
    columns: true,
    trim: true,
  }) as Row[];
}

function measure(folder: string, { name, files, hidden, truthOf }: DataSet): string {
  const startedAt = performance.now();
  const sources = files.map((file) => readRows(join(folder, file)));
  const rows = sources.flat();
  const sample = rows.slice(0, 5_000).map((values, line) => ({ values, line }));
  const profiles = profileColumns(sample).filter(({ column }) => !hidden.includes(column));
  const columns = recogniseColumns(profiles, { roleByColumn: new Map(), ignored: new Set() });
  const table = new RecordTable(buildSchema(columns, profiles));
  sources.forEach((source, at) => {
    for (const row of source) table.add(row, at);
  });
  const isLinked = sources.length > 1;
  const { clusters } = matchRecords(table, { ...DEFAULT_MATCH_SETTINGS, isLinked });
  const { precision, recall, f1, bCubedF1 } = evaluatePartition(clusters, rows.map(truthOf));
  const figures = [precision, recall, f1, bCubedF1].map((value) => value.toFixed(4));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
  return `| ${[name, rows.length, ...figures, seconds, megabytes].join(" | ")} |`;
}

const folder = resolve("../shared/data/people");
if (existsSync(folder)) {
  const lines = [
    "| data | records | P | R | F1 | B3 F1 | seconds | MB |",
    `|${" --- |".repeat(8)}`,
  ];
  for (const dataSet of DATA_SETS) lines.push(measure(folder, dataSet));
  process.stdout.write(`${lines.join("\n")}\n`);
} else {
  process.stdout.write(`no data sets at ${folder}\n`);
}
