import { scoreCanonicalPair } from "../../subgraphs/identity/domain/matching/scoring/score-pair.ts";
import type { MatchResult } from "../../subgraphs/identity/domain/matching/match-records.ts";
import { InputError } from "../input/input-error.ts";
import type { LoadedRecords } from "../input/loaded-records.ts";

const VALUE_WIDTH_MAX = 28;

/** The record of an id; fails where there is none. */
export function recordOf(records: LoadedRecords, id: string): number {
  const record = records.ids.indexOf(id);
  if (record < 0) throw new InputError(`--explain: there is no record with the id "${id}"`);
  return record;
}

/** The canonical values of a record of the table, field by field. */
export function canonicalOf(records: LoadedRecords, record: number): string[] {
  return records.table.columns.map(({ ids, values }) => values[ids[record]!] ?? "");
}

function signed(weight: number): string {
  return `${weight < 0 ? "" : "+"}${weight.toFixed(2)}`;
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const short = rows.map((row) =>
    row.map((cell) =>
      cell.length > VALUE_WIDTH_MAX ? `${cell.slice(0, VALUE_WIDTH_MAX - 1)}…` : cell,
    ),
  );
  const widths = short[0]!.map((_, at) => Math.max(...short.map((row) => row[at]!.length)));
  const last = widths.length - 1;
  return short.map((row) =>
    row
      .map((cell, at) => (at === last ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join("  "),
  );
}

/** What speaks for and against two records being one person; the bits add up. */
export function explanationLines(
  records: LoadedRecords,
  result: MatchResult,
  ids: readonly [string, string],
): string {
  const [left, right] = ids.map((id) => recordOf(records, id)) as [number, number];
  const [one, other] = [canonicalOf(records, left), canonicalOf(records, right)];
  const score = scoreCanonicalPair(result.model, one, other);
  const table = alignColumns([
    ["field", ids[0], ids[1], "level", "bits"],
    ["(prior)", "", "", "chance of two random records", signed(score.priorWeight)],
    ...score.findings.map((finding) => [
      finding.field,
      finding.left,
      finding.right,
      finding.level,
      signed(finding.weight),
    ]),
    ["(sum)", "", "", "", signed(score.weight)],
  ]);
  const isTogether = result.clusters[left] === result.clusters[right];
  const together = isTogether ? "in one cluster" : "in different clusters";
  const verdict = `probability ${score.probability.toFixed(6)} (${score.band})`;
  return [...table, "", `${verdict}; the records are ${together}`].join("\n");
}
