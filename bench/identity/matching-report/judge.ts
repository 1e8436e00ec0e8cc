import { forEachConnectedPart } from "../../../subgraphs/identity/domain/matching/clustering/connected-parts.ts";
import { RecordTable } from "../../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import {
  evaluatePartition,
  type PartitionQuality,
} from "../../../subgraphs/identity/domain/matching/evaluate.ts";
import {
  DEFAULT_MATCH_SETTINGS,
  type MatchResult,
  matchRecords,
} from "../../../subgraphs/identity/domain/matching/match-records.ts";
import { buildSchema } from "../../../subgraphs/identity/domain/matching/schema/build-schema.ts";
import { profileColumns } from "../../../subgraphs/identity/domain/matching/schema/profile-columns.ts";
import { recogniseColumns } from "../../../subgraphs/identity/domain/matching/schema/recognise-columns.ts";

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
  readonly truth: readonly string[];
  readonly quality: PartitionQuality;
  /** Baseline: records alike in every column, case, accents and spelling of dates aside. */
  readonly exact: PartitionQuality;
  /** Baseline: bare closure over the very same scored pairs, from an even chance on. */
  readonly closure: PartitionQuality;
  readonly cpuSeconds: number;
  readonly residentMegabytes: number;
  readonly table: RecordTable;
  readonly result: MatchResult;
}

const SAMPLE_ROWS = 5_000;
const EVEN_CHANCE_BITS = 0;

function tableOf({ rows, hidden, sourceOf }: JudgedSet): RecordTable {
  const sample = rows.slice(0, SAMPLE_ROWS);
  const profiles = profileColumns(sample).filter(({ column }) => !hidden.includes(column));
  const columns = recogniseColumns(profiles, { roleByColumn: new Map(), ignored: new Set() });
  const table = new RecordTable(buildSchema(columns, profiles));
  const sources = new Map<string, number>();
  for (const row of rows) {
    const source = sourceOf?.(row) ?? "";
    if (!sources.has(source)) sources.set(source, sources.size);
    table.add(row, sources.get(source));
  }
  return table;
}

function exactLabels(table: RecordTable): string[] {
  return Array.from({ length: table.size }, (_, record) =>
    table.columns.map(({ ids }) => ids[record]).join("/"),
  );
}

function closureLabels(table: RecordTable, { pairs }: MatchResult): Int32Array {
  const labels = Int32Array.from({ length: table.size }, (_, record) => record);
  forEachConnectedPart(table.size, pairs, EVEN_CHANCE_BITS, (positions) => {
    let label = table.size;
    for (const at of positions) label = Math.min(label, pairs.lefts[at]!, pairs.rights[at]!);
    for (const at of positions) labels[pairs.lefts[at]!] = labels[pairs.rights[at]!] = label;
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
    truth,
    quality: evaluatePartition(result.clusters, truth),
    exact: evaluatePartition(exactLabels(table), truth),
    closure: evaluatePartition(closureLabels(table, result), truth),
    cpuSeconds: (user + system) / 1e6,
    residentMegabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
    table,
    result,
  };
}
