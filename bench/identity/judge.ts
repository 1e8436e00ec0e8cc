import { profileColumns } from "../../cli/input/load-records.ts";
import { forEachConnectedPart } from "../../subgraphs/identity/domain/matching/clustering/connected-parts.ts";
import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import {
  evaluatePartition,
  type PartitionQuality,
} from "../../subgraphs/identity/domain/matching/evaluate.ts";
import {
  DEFAULT_MATCH_SETTINGS,
  type MatchResult,
  matchRecords,
} from "../../subgraphs/identity/domain/matching/match-records.ts";
import { buildSchema } from "../../subgraphs/identity/domain/matching/schema/build-schema.ts";
import { recogniseColumns } from "../../subgraphs/identity/domain/matching/schema/recognise-columns.ts";

export type Row = Readonly<Record<string, string>>;

/** Records with their truth. */
export interface JudgedSet {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Columns the matcher never sees. */
  readonly hidden: readonly string[];
  readonly truthOf: (row: Row) => string;
  /** Sources that are linked, each without duplicates. */
  readonly sourceOf?: (row: Row) => string;
}

export interface Judgement {
  readonly name: string;
  readonly records: number;
  readonly quality: PartitionQuality;
  /** The baseline: records whose columns are all alike, case and accents aside. */
  readonly exact: PartitionQuality;
  /** The other baseline: bare closure over the same pairs, from an even chance on. */
  readonly closure: PartitionQuality;
  readonly cpuSeconds: number;
  readonly residentMegabytes: number;
  readonly table: RecordTable;
  readonly result: MatchResult;
}

const SAMPLE_ROWS = 5_000;

function tableOf({ rows, hidden, sourceOf }: JudgedSet): RecordTable {
  const sample = rows.slice(0, SAMPLE_ROWS).map((values, line) => ({ values, line }));
  const profiles = profileColumns(sample).filter(({ column }) => !hidden.includes(column));
  const columns = recogniseColumns(profiles, { roleByColumn: new Map(), ignored: new Set() });
  if (process.env.SHOW_COLUMNS !== undefined) console.log(columns);
  const table = new RecordTable(buildSchema(columns, profiles));
  const sources = [...new Set(rows.map((row) => sourceOf?.(row) ?? ""))];
  for (const row of rows) table.add(row, sources.indexOf(sourceOf?.(row) ?? ""));
  return table;
}

/** Same canonical value in every field that both tell is what an exact join on all columns finds. */
function exactLabels(table: RecordTable): string[] {
  return Array.from({ length: table.size }, (_, record) =>
    table.columns.map(({ ids }) => ids[record]).join("/"),
  );
}

function closureLabels(table: RecordTable, { pairs }: MatchResult): Int32Array {
  const labels = Int32Array.from({ length: table.size }, (_, record) => record);
  forEachConnectedPart(table.size, pairs, 0, (positions) => {
    const members = [...positions].flatMap((at) => [pairs.lefts[at]!, pairs.rights[at]!]);
    const label = members.reduce((least, member) => Math.min(least, member));
    for (const member of members) labels[member] = label;
  });
  return labels;
}

/** Matches a set with the defaults and compares with its truth; the truth is used for nothing else. */
export function judge(set: JudgedSet): Judgement {
  const before = process.cpuUsage();
  const table = tableOf(set);
  const isLinked = set.sourceOf !== undefined;
  const settings = { ...DEFAULT_MATCH_SETTINGS, isLinked, isOneToOne: isLinked };
  const result = matchRecords(table, settings);
  const { user, system } = process.cpuUsage(before);
  const truth = set.rows.map(set.truthOf);
  return {
    name: set.name,
    records: table.size,
    quality: evaluatePartition(result.clusters, truth),
    exact: evaluatePartition(exactLabels(table), truth),
    closure: evaluatePartition(closureLabels(table, result), truth),
    cpuSeconds: (user + system) / 1e6,
    residentMegabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
    table,
    result,
  };
}
