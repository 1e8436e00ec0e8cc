import type { MatchResult } from "../../subgraphs/identity/domain/matching/match-records.ts";
import type { PartitionQuality } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import type { RecognisedColumn } from "../../subgraphs/identity/domain/matching/schema/recognised-column.ts";
import type { LoadedRecords } from "../input/loaded-records.ts";
import type { MatchArguments } from "../match-arguments.ts";

const REASONS: Readonly<Record<RecognisedColumn["reason"], string>> = {
  stated: "as you said",
  header: "by its name",
  content: "by its values",
  "every value differs": "every value differs",
  empty: "it is empty",
};

/** What each column was taken for. */
export function columnLines(columns: readonly RecognisedColumn[], wanted: MatchArguments): string {
  const width = Math.max(...columns.map(({ column }) => column.length), 6);
  const kept: [string | undefined, string][] = [
    [wanted.idColumn, "the id"],
    [wanted.sourceColumn, "the source"],
    [wanted.truthColumn, "the truth, not used to match"],
  ];
  const lines = columns.map(
    ({ column, role, reason }) => `  ${column.padEnd(width)}  ${role} (${REASONS[reason]})`,
  );
  const special = kept.flatMap(([column, what]) =>
    column === undefined ? [] : [`  ${column.padEnd(width)}  ${what}`],
  );
  return [
    "columns:",
    ...special,
    ...lines,
    "  correct one with --column role=COLUMN, leave one out with --ignore COLUMN",
  ].join("\n");
}

/** Records, clusters, and how the linking is meant. */
export function resultLine(records: LoadedRecords, result: MatchResult, isLinked: boolean): string {
  const clusters = new Set(result.clusters).size;
  const sources = isLinked ? ` of ${records.sourceNames.length} sources, linked` : "";
  const bar = `, joined from a probability of ${result.threshold.toFixed(2)} on`;
  return (
    `${records.size} records${sources}: ${clusters} clusters; ` +
    `${result.comparedPairs} pairs compared, ${result.pairs.pairCount} kept${bar}`
  );
}

const figure = (value: number) => value.toFixed(4);

/** Precision, recall and F1 over pairs, and B³. */
export function qualityLines(quality: PartitionQuality): string {
  return [
    `pair precision ${figure(quality.precision)}  recall ${figure(quality.recall)}  F1 ${figure(quality.f1)}` +
      `  (${quality.foundPairs} pairs found, ${quality.truePairs} true)`,
    `B3 precision   ${figure(quality.bCubedPrecision)}  recall ${figure(quality.bCubedRecall)}` +
      `  F1 ${figure(quality.bCubedF1)}`,
  ].join("\n");
}
